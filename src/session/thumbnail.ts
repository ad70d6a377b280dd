import type { RgbaImages } from '../engine/api';

/** A picture of a batch as PNG data URL, in its own size: what a shelf item carries. */
export async function pngDataUrl(images: RgbaImages, index: number): Promise<string> {
  const { width, height, data } = images;
  const bytes = width * height * 4;
  const pixels = new ImageData(data.slice(index * bytes, (index + 1) * bytes), width, height);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return blobDataUrl(blob);
}

async function blobDataUrl(blob: Blob): Promise<string> {
  let binary = '';
  for (const byte of new Uint8Array(await blob.arrayBuffer())) binary += String.fromCharCode(byte);
  return `data:${blob.type};base64,${btoa(binary)}`;
}
