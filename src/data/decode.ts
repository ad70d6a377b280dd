import type { Picture } from './picture';

/** Rows that are drawn at once lie on a canvas of this many pixels at most. */
const CANVAS_PIXELS = 1 << 20;

/**
 * A picture file as the browser decodes it: turned as its EXIF says, the first frame of an animation,
 * transparent parts on white. Rejects with whatever the browser says (a DOMException) where it cannot.
 */
export async function decodePicture(file: Blob): Promise<Picture> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  let canvas: OffscreenCanvas | null = null;

  function contextFor(width: number, height: number): OffscreenCanvasRenderingContext2D {
    if (canvas === null || canvas.width !== width || canvas.height < height) {
      canvas = new OffscreenCanvas(width, height);
    }
    // Read back at once: pixels on the GPU would only travel to and fro.
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('the browser gave no canvas');
    return context;
  }

  return {
    width: bitmap.width,
    height: bitmap.height,
    channels: 4,
    background: 255,
    read(x, y, width, height) {
      const strip = Math.max(1, Math.floor(CANVAS_PIXELS / width));
      if (height <= strip) return drawn(x, y, width, height);
      const all = new Uint8ClampedArray(width * height * 4);
      for (let row = 0; row < height; row += strip) {
        all.set(drawn(x, y + row, width, Math.min(strip, height - row)), row * width * 4);
      }
      return all;
    },
    close() {
      bitmap.close();
      canvas = null;
    },
  };

  function drawn(x: number, y: number, width: number, height: number): Uint8ClampedArray {
    const context = contextFor(width, height);
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, x, y, width, height, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  }
}
