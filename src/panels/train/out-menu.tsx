import type { CallOptions } from '../../engine/api';
import { downloadBlob, fileName } from '../../export/download';
import type { RunInfo } from '../../session/training/training';
import { Button } from '../../ui/button';
import { DownloadIcon } from '../../ui/icons';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu';
import { useSession, useStoreValue } from '../../ui/session-context';
import type { ExportJobs, ExportResult } from '../export-jobs';
import { FilmSize, useFilmSize, VideoItems } from '../film-menu';
import { curvesCsv } from './curves';
import type { ExportContext } from './exports';
import { sheetSize } from './paint';
import type { TimeMachine } from './time-machine';
import { useRun } from './use-training';

/** The encoders, and what feeds them: loaded with the first export. */
const loadExports = () => import('./exports');
type Exports = Awaited<ReturnType<typeof loadExports>>;
type Exporter = (context: ExportContext, options: CallOptions) => Promise<ExportResult>;

interface OutMenuProps {
  run: RunInfo;
  machine: TimeMachine;
  jobs: ExportJobs;
}

/** What leaves the page: films, weights, curves, the whole run. */
export function OutMenu({ run, machine, jobs }: OutMenuProps) {
  const session = useSession();
  const at = useStoreValue(machine.store, (state) => state.at);
  const films = useRun((state) => state.snapshots.length > 1);
  const ready = useRun((state) => state.status !== 'none' && state.status !== 'preparing');
  const [size, setSize] = useFilmSize();
  const busy = jobs.progress !== null || !ready;
  const sheet = sheetSize(run.config.image.size, 16, 4);
  const exportRun = (label: string, pick: (exports: Exports) => Exporter) => {
    const training = session.training;
    const context: ExportContext = { training, run, machine, at, least: Number(size) };
    jobs.run(label, async (options) => pick(await loadExports())(context, options));
  };
  const saveFiles = async () => {
    try {
      for (const { name, blob } of await session.training.exportFiles()) downloadBlob(blob, name);
    } catch (error) {
      session.notices.postError(error);
    }
  };
  return (
    <Menu align="end" side="top" wide trigger={<Button icon={<DownloadIcon />}>Export</Button>}>
      <MenuItem
        disabled={busy || !films}
        onSelect={() => exportRun('GIF', ({ exportGif }) => exportGif)}
      >
        Film of the training (GIF)
      </MenuItem>
      <VideoItems
        disabled={busy || !films}
        {...sheet}
        onSelect={(container, label) =>
          exportRun(
            label,
            ({ exportVideo }) =>
              (context, options) =>
                exportVideo(context, container, options),
          )
        }
      />
      <MenuItem
        disabled={busy || !films}
        onSelect={() => exportRun('Strip', ({ exportStrip }) => exportStrip)}
      >
        Each z through time (PNG)
      </MenuItem>
      <MenuItem
        disabled={busy}
        onSelect={() => exportRun('Picture', ({ exportFrame }) => exportFrame)}
      >
        The grid as it is shown (PNG)
      </MenuItem>
      <MenuSeparator />
      <FilmSize {...sheet} size={size} onChange={setSize} />
      <MenuSeparator />
      <MenuItem disabled={!ready} onSelect={() => void saveFiles()}>
        Weights of G, D and the optimizers (safetensors)
      </MenuItem>
      <MenuItem
        disabled={busy}
        onSelect={() => exportRun('Run', ({ exportWholeRun }) => exportWholeRun)}
      >
        The whole run (zip), to go on elsewhere
      </MenuItem>
      <MenuItem
        disabled={!ready}
        onSelect={() => {
          const table = curvesCsv(session.training.store.getState());
          downloadBlob(
            new Blob([table], { type: 'text/csv' }),
            fileName([run.title, 'curves'], 'csv'),
          );
        }}
      >
        The curves (CSV)
      </MenuItem>
    </Menu>
  );
}
