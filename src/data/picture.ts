/** A decoded picture that is read piece by piece, so that a photograph never lies in memory twice. */
export interface Picture {
  width: number;
  height: number;
  /** 1 grey, 3 RGB, 4 RGBA, whose alpha is not looked at: transparent pictures come on white. */
  channels: 1 | 3 | 4;
  /** Bytes of a rectangle inside it, channels last. */
  read(x: number, y: number, width: number, height: number): Uint8Array | Uint8ClampedArray;
  /** Of the background where all of the picture is to fit into a square: 0 to 255, in every channel. */
  background: number;
  /** Gives its memory back. */
  close(): void;
}

/** Pixels in memory. */
export interface Raster {
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  /** height × width × channels. */
  data: Uint8Array | Uint8ClampedArray;
}

/** A rectangle of a raster as a picture of its own. */
export function pictureOf(
  raster: Raster,
  area: { x: number; y: number; width: number; height: number } = { x: 0, y: 0, ...raster },
  background = 255,
): Picture {
  const { channels, data } = raster;
  return {
    width: area.width,
    height: area.height,
    channels,
    background,
    read(x, y, width, height) {
      const bytes = new Uint8Array(width * height * channels);
      for (let row = 0; row < height; row++) {
        const from = ((area.y + y + row) * raster.width + area.x + x) * channels;
        bytes.set(data.subarray(from, from + width * channels), row * width * channels);
      }
      return bytes;
    },
    close: () => undefined,
  };
}
