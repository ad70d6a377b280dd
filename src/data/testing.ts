/** For unit tests: picture files without a browser. */
import { PNG } from 'pngjs';
import type { DataFile } from './api';
import { pictureOf, type Picture } from './picture';

/** The value of one channel of one pixel, 0 to 255. */
export type Painter = (x: number, y: number, channel: number) => number;

/** A PNG of painted pixels, opaque. */
export function paintPng(width: number, height: number, paint: Painter): Uint8Array<ArrayBuffer> {
  const png = new PNG({ width, height });
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let channel = 0; channel < 3; channel++) png.data[at * 4 + channel] = paint(x, y, channel);
    png.data[at * 4 + 3] = 255;
  }
  return new Uint8Array(PNG.sync.write(png));
}

/** What the browser's decoder does, for PNG alone. */
export async function decodePng(file: Blob): Promise<Picture> {
  const { width, height, data } = PNG.sync.read(Buffer.from(await file.arrayBuffer()));
  return pictureOf({ width, height, channels: 4, data });
}

export function dataFile(name: string, bytes: Uint8Array<ArrayBuffer> | string): DataFile {
  return { name, file: new Blob([bytes]) };
}

/** An IDX file of bytes. */
export function idxFile(shape: readonly number[], data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  bytes.set([0, 0, 8, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((length, axis) => view.setUint32(4 + 4 * axis, length));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

/** A ustar of one file. */
export function tarOf(name: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const tar = new Uint8Array(512 + Math.ceil(content.length / 512) * 512 + 1024);
  const write = (text: string, at: number) => tar.set(new TextEncoder().encode(text), at);
  write(name, 0);
  write(content.length.toString(8).padStart(11, '0'), 124);
  write('0', 156);
  write('ustar\x0000', 257);
  tar.set(content, 512);
  return tar;
}
