import type { CallOptions } from '../../engine/api';
import { Button } from '../../ui/button';
import { useFilePicker } from '../../ui/file-picker';
import { DownloadIcon, UploadIcon } from '../../ui/icons';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu';
import { useSession, useUrlParam } from '../../ui/session-context';
import type { ExportJobs, ExportResult } from '../export-jobs';
import { FilmSize, useFilmSize, VideoItems } from '../film-menu';
import type { ExportContext } from './exports';
import { speedParam, stepsParam } from './params';
import type { Walk } from './use-walk';
import type { WalkPlayer } from './use-walk-player';

/** The encoders, and what feeds them: loaded with the first export. */
const loadExports = () => import('./exports');

/** An endless walk has to end somewhere. */
const ENDLESS_EXPORT_SECONDS = 10;

type Exports = Awaited<ReturnType<typeof loadExports>>;
type Exporter = (context: ExportContext, options: CallOptions) => Promise<ExportResult>;

interface ExportMenuProps {
  walk: Walk;
  walkPlayer: WalkPlayer;
  jobs: ExportJobs;
}

/** Strip, films and keyframes as files, and back from a file. */
export function ExportMenu({ walk, walkPlayer, jobs }: ExportMenuProps) {
  const [framesPerSecond] = useUrlParam(speedParam);
  const [steps] = useUrlParam(stepsParam);
  const [size, setSize] = useFilmSize();
  const openFile = useOpenWalk();
  const endless = walk.settings.kind === 'endless';
  const busy = jobs.progress !== null;
  const context = (): ExportContext => ({
    endlessFrames: ENDLESS_EXPORT_SECONDS * framesPerSecond,
    walk,
    cache: walkPlayer.cache,
    framesPerSecond,
    position: walkPlayer.player.index(),
    least: Number(size),
    steps,
  });
  const run = (label: string, pick: (exports: Exports) => Exporter) => {
    // What is on the screen now, not when the encoders have been loaded.
    const film = context();
    jobs.run(label, async (options) => pick(await loadExports())(film, options));
  };
  const { width, height } = walk.model.spec.output;

  return (
    <>
      <Menu
        align="end"
        side="top"
        wide
        trigger={
          <Button icon={<DownloadIcon />} disabled={!walk.scene}>
            Export
          </Button>
        }
      >
        <MenuItem
          disabled={busy || endless || walk.keyframes.length < 2}
          onSelect={() => run('Film strip', ({ exportStrip }) => exportStrip)}
        >
          Film strip (PNG)
        </MenuItem>
        <MenuItem disabled={busy} onSelect={() => run('Frame', ({ exportFrame }) => exportFrame)}>
          This frame (PNG)
        </MenuItem>
        <MenuItem disabled={busy} onSelect={() => run('GIF', ({ exportGif }) => exportGif)}>
          Animation (GIF){endless && `, ${ENDLESS_EXPORT_SECONDS} s from here`}
        </MenuItem>
        <VideoItems
          disabled={busy}
          width={width}
          height={height}
          onSelect={(container, label) =>
            run(
              label,
              ({ exportVideo }) =>
                (film, options) =>
                  exportVideo(film, container, options),
            )
          }
        />
        <MenuItem disabled={busy} onSelect={() => run('Keyframes', ({ exportJson }) => exportJson)}>
          Keyframes (JSON)
        </MenuItem>
        <MenuSeparator />
        <FilmSize {...{ width, height, size }} onChange={setSize} />
        <MenuSeparator />
        <MenuItem icon={<UploadIcon />} onSelect={openFile.choose}>
          Open a walk (JSON, or a PNG made here)
        </MenuItem>
      </Menu>
      {openFile.field}
    </>
  );
}

/** A file chooser that reads a walk. */
function useOpenWalk() {
  const session = useSession();
  const open = async (file: File) => {
    try {
      const { openWalkFile } = await import('./walk-file');
      await openWalkFile(session, file);
      session.notices.post({ level: 'success', message: `Opened ${file.name}` });
    } catch (error) {
      session.notices.postError(error);
    }
  };
  return useFilePicker({
    label: 'Open a walk',
    accept: '.json,.png,application/json,image/png',
    testId: 'open-walk',
    onFile: (file) => void open(file),
  });
}
