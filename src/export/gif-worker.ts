/** Encodes one GIF, then ends with its worker. Every message is answered, in order. */
import { createGifEncoder, filmPalette, type GifEncoder } from './gif-encode';
import type { RgbaPixels } from './frames';

export type GifRequest =
  | {
      type: 'start';
      width: number;
      height: number;
      scale: number;
      loop: boolean;
      samples: RgbaPixels[];
    }
  | { type: 'frame'; rgba: RgbaPixels; delayCs: number }
  | { type: 'finish' };

export type GifReply =
  { ok: true; bytes?: Uint8Array<ArrayBuffer> } | { ok: false; reason: string };

let encoder: GifEncoder | null = null;

function answer(request: GifRequest): Uint8Array<ArrayBuffer> | undefined {
  if (request.type === 'start') {
    const { samples, ...options } = request;
    encoder = createGifEncoder({ ...options, palette: filmPalette(samples) });
    return undefined;
  }
  if (!encoder) throw new Error(`'${request.type}' came before 'start'`);
  if (request.type === 'finish') return encoder.finish();
  encoder.addFrame(request.rgba, request.delayCs);
  return undefined;
}

self.onmessage = ({ data }: MessageEvent<GifRequest>) => {
  let reply: GifReply;
  try {
    const bytes = answer(data);
    reply = bytes ? { ok: true, bytes } : { ok: true };
  } catch (error) {
    reply = { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(reply, { transfer: reply.ok && reply.bytes ? [reply.bytes.buffer] : [] });
};
