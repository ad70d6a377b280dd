/** What the menus of panels that export films share. */
import { useEffect, useState } from 'react';
import { scaleFor } from '../export/frames';
import type { VideoFormat } from '../export/video';
import { MenuItem, MenuRadioGroup } from '../ui/menu';
import { useStored } from '../ui/use-stored';

/** Pixels that the shorter side of a frame has at least. */
const SIZES = ['256', '512', '1024'] as const;
type FilmSizeValue = (typeof SIZES)[number];

/** What this browser was last asked for. */
export function useFilmSize(): [FilmSizeValue, (size: FilmSizeValue) => void] {
  return useStored('export-size', '256', SIZES);
}

interface FilmSizeProps {
  /** Of one frame, before scaling. */
  width: number;
  height: number;
  size: FilmSizeValue;
  onChange: (size: FilmSizeValue) => void;
}

/** How large films are, as entries of a menu. */
export function FilmSize({ width, height, size, onChange }: FilmSizeProps) {
  const scaled = (least: number) => {
    const scale = scaleFor(width, height, least);
    return `${width * scale} × ${height * scale}`;
  };
  return (
    <MenuRadioGroup
      label="Size of frames and films"
      value={size}
      onChange={onChange}
      options={SIZES.map((value) => ({ value, label: `${scaled(Number(value))} pixels` }))}
    />
  );
}

interface VideoItemsProps {
  disabled: boolean;
  width: number;
  height: number;
  onSelect: (container: VideoFormat['container'], label: string) => void;
}

const CONTAINERS = [
  { container: 'mp4', name: 'MP4' },
  { container: 'webm', name: 'WebM' },
] as const;

/**
 * One entry a container; which of them this browser encodes is asked when the menu opens. The entries
 * stand from the first moment on: a menu that grows under the pointer takes clicks that were not meant.
 */
export function VideoItems({ disabled, width, height, onSelect }: VideoItemsProps) {
  const formats = useVideoFormats(width, height);
  return CONTAINERS.map(({ container, name }) => {
    const format = formats?.find((one) => one.container === container);
    const lacks = formats !== null && !format;
    const none = formats?.length === 0 ? '; take the GIF' : '';
    return (
      <MenuItem
        key={container}
        disabled={disabled || lacks}
        onSelect={() => onSelect(container, name)}
      >
        {lacks
          ? `Video: this browser cannot encode ${name}${none}`
          : `Video: ${format?.label ?? name}`}
      </MenuItem>
    );
  });
}

/** Null until the browser has answered. */
function useVideoFormats(width: number, height: number): VideoFormat[] | null {
  const [formats, setFormats] = useState<VideoFormat[] | null>(null);
  useEffect(() => {
    let current = true;
    const probe = async () => {
      const { encodableFormats, videoScale } = await import('../export/video');
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
  return formats;
}
