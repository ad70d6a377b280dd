import { useEffect, useRef, useState } from 'react';
import type { CallOptions } from '../../engine/api';
import type { VideoFormat } from '../../export/video';
import { scaleFor } from '../../export/frames';
import { Button } from '../../ui/button';
import { DownloadIcon, UploadIcon } from '../../ui/icons';
import { Menu, MenuItem, MenuRadioGroup, MenuSeparator } from '../../ui/menu';
import { useSession, useUrlParam } from '../../ui/session-context';
import { useStored } from '../../ui/use-stored';
import type { ExportContext } from './exports';
import { speedParam, stepsParam } from './params';
import type { ExportJobs, ExportResult } from './use-export';
import type { Walk } from './use-walk';
import type { WalkPlayer } from './use-walk-player';

/** The encoders, and what feeds them: loaded with the first export. */
const loadExports = () => import('./exports');

/** An endless walk has to end somewhere. */
const ENDLESS_EXPORT_SECONDS = 10;

const SIZES = ['256', '512', '1024'] as const;

type Exports = Awaited<ReturnType<typeof loadExports>>;
type Exporter = (context: ExportContext, options: CallOptions) => Promise<ExportResult>;

interface ExportMenuProps {
  walk: Walk;
  walkPlayer: WalkPlayer;
  jobs: ExportJobs;
}

/** Strip, films and keyframes as files, and back from a file. */
export function ExportMenu({ walk, walkPlayer, jobs }: ExportMenuProps) {
  const { generator } = useSession();
  const [framesPerSecond] = useUrlParam(speedParam);
  const [steps] = useUrlParam(stepsParam);
  const [size, setSize] = useStored('export-size', '256', SIZES);
  const openFile = useOpenWalk();
  const endless = walk.settings.kind === 'endless';
  const context = (): ExportContext => ({
    endlessFrames: ENDLESS_EXPORT_SECONDS * framesPerSecond,
    walk,
    generator,
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
  const scaled = (least: number) => {
    const scale = scaleFor(width, height, least);
    return `${width * scale} × ${height * scale}`;
  };

  return (
    <>
      <Menu
        align="end"
        side="top"
        wide
        trigger={
          <Button icon={<DownloadIcon />} disabled={jobs.progress !== null || !walk.scene}>
            Export
          </Button>
        }
      >
        <MenuItem
          disabled={endless || walk.keyframes.length < 2}
          onSelect={() => run('Film strip', ({ exportStrip }) => exportStrip)}
        >
          Film strip (PNG)
        </MenuItem>
        <MenuItem onSelect={() => run('Frame', ({ exportFrame }) => exportFrame)}>
          This frame (PNG)
        </MenuItem>
        <MenuItem onSelect={() => run('GIF', ({ exportGif }) => exportGif)}>
          Animation (GIF){endless && `, ${ENDLESS_EXPORT_SECONDS} s from here`}
        </MenuItem>
        <VideoItems
          width={width}
          height={height}
          onSelect={({ container, label }) =>
            run(
              label,
              ({ exportVideo }) =>
                (film, options) =>
                  exportVideo(film, container, options),
            )
          }
        />
        <MenuItem onSelect={() => run('Keyframes', ({ exportJson }) => exportJson)}>
          Keyframes (JSON)
        </MenuItem>
        <MenuSeparator />
        <MenuRadioGroup
          label="Size of frames and films"
          value={size}
          onChange={setSize}
          options={SIZES.map((value) => ({ value, label: `${scaled(Number(value))} pixels` }))}
        />
        <MenuSeparator />
        <MenuItem icon={<UploadIcon />} onSelect={openFile.choose}>
          Open a walk (JSON, or a PNG made here)
        </MenuItem>
      </Menu>
      {openFile.input}
    </>
  );
}

interface VideoItemsProps {
  width: number;
  height: number;
  onSelect: (format: VideoFormat) => void;
}

/** One entry a container that this browser encodes, or what it lacks. Asked when the menu opens. */
function VideoItems({ width, height, onSelect }: VideoItemsProps) {
  const [formats, setFormats] = useState<VideoFormat[] | null>(null);
  useEffect(() => {
    let current = true;
    const probe = async () => {
      const { encodableFormats, videoScale } = await import('../../export/video');
      const scale = videoScale(width, height, 256);
      return encodableFormats(width * scale, height * scale);
    };
    void probe()
      .catch((): VideoFormat[] => [])
      .then((found) => {
        if (current) setFormats(found);
      });
    return () => {
      current = false;
    };
  }, [width, height]);
  if (formats === null) {
    return (
      <MenuItem disabled onSelect={() => undefined}>
        Video: asking the browser …
      </MenuItem>
    );
  }
  if (formats.length === 0) {
    return (
      <MenuItem disabled onSelect={() => undefined}>
        Video: this browser has no encoder; take the GIF
      </MenuItem>
    );
  }
  const one = (container: VideoFormat['container']) =>
    formats.find((format) => format.container === container);
  return [one('mp4'), one('webm')]
    .filter((format) => format !== undefined)
    .map((format) => (
      <MenuItem key={format.container} onSelect={() => onSelect(format)}>
        Video: {format.label}
      </MenuItem>
    ));
}

/** A file chooser that reads a walk. */
function useOpenWalk() {
  const session = useSession();
  const input = useRef<HTMLInputElement>(null);
  const open = async (file: File) => {
    try {
      const { openWalkFile } = await import('./walk-file');
      await openWalkFile(session, file);
      session.notices.post({ level: 'success', message: `Opened ${file.name}` });
    } catch (error) {
      session.notices.postError(error);
    }
  };
  return {
    choose: () => input.current?.click(),
    input: (
      <input
        ref={input}
        type="file"
        accept=".json,.png,application/json,image/png"
        aria-label="Open a walk"
        data-testid="open-walk"
        hidden
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = '';
          if (file) void open(file);
        }}
      />
    ),
  };
}
