/** gifenc ships no types: the part of it that we use. */
declare module 'gifenc' {
  export type Palette = [red: number, green: number, blue: number][];

  export interface GifStream {
    /** The first frame's palette becomes the global one; later frames without a palette use it. */
    writeFrame(
      indices: Uint8Array,
      width: number,
      height: number,
      options?: { palette?: Palette; delay?: number; repeat?: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  }

  export function GIFEncoder(options?: { initialCapacity?: number }): GifStream;

  /** Reads the array's whole buffer, whatever the view's offset and length. */
  export function quantize(
    rgba: Uint8Array | Uint8ClampedArray,
    maxColors: number,
    options?: { format?: 'rgb565' | 'rgb444' },
  ): Palette;
}
