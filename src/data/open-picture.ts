import { decodePicture } from './decode';
import type { DataEntry } from './entry';
import type { Picture } from './picture';
import { isCutShort, pictureDimensions } from './picture-header';
import { refusal } from './refusal';
import { otherThing, pictureKind, undecodable } from './sniff';

/** How files become pictures; the browser's own way unless a test has another. */
export type Decode = (file: Blob) => Promise<Picture>;

/** 256 MB when decoded. */
const MAX_PIXELS = 64e6;
const MAX_FILE_BYTES = 512 * 2 ** 20;

/** Opens picture files so that those which are open at once have 64 megapixels at most. */
export interface PictureOpener {
  /** Rejects with AppError `data-refused`, or what the file's storage throws. */
  open(entry: DataEntry): Promise<Picture>;
}

export function createPictureOpener(decode: Decode = decodePicture): PictureOpener {
  const gate = createGate(MAX_PIXELS);
  return {
    async open(entry) {
      if (entry.size > MAX_FILE_BYTES) throw refusal('a picture file of more than 512 MB');
      const bytes = await entry.bytes();
      const kind = pictureKind(bytes);
      if (!kind) throw refusal(otherThing(bytes.subarray(0, 4096)));
      if (isCutShort(bytes, kind)) {
        throw refusal(`a ${kind.toUpperCase()} picture that breaks off: fetch or copy it again`);
      }
      const pixels = countPixels(pictureDimensions(bytes, kind));
      await gate.enter(pixels);
      try {
        return leaving(await decode(new Blob([bytes])), () => gate.leave(pixels));
      } catch (cause) {
        gate.leave(pixels);
        throw refusal(undecodable(kind), cause);
      }
    },
  };
}

/** Where the header tells nothing, as much as a photograph may have. */
const UNKNOWN_PIXELS = 16e6;

function countPixels(dimensions: { width: number; height: number } | null): number {
  if (!dimensions) return UNKNOWN_PIXELS;
  const { width, height } = dimensions;
  const pixels = width * height;
  if (pixels <= MAX_PIXELS) return pixels;
  const size = `${width.toLocaleString('en')}×${height.toLocaleString('en')} pixels (${Math.round(pixels / 1e6).toLocaleString('en')} megapixels)`;
  throw refusal(`${size}; at most ${MAX_PIXELS / 1e6} megapixels are read: save it smaller`);
}

function leaving(picture: Picture, leave: () => void): Picture {
  return {
    ...picture,
    close() {
      picture.close();
      leave();
    },
  };
}

/** Lets in while there is room; something larger than all of it only alone. */
function createGate(room: number) {
  const waiting: { amount: number; enter: () => void }[] = [];
  let taken = 0;
  const admit = (): void => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      if (taken > 0 && taken + next.amount > room) return;
      waiting.shift();
      taken += next.amount;
      next.enter();
    }
  };
  return {
    enter: (amount: number) =>
      new Promise<void>((enter) => {
        waiting.push({ amount, enter });
        admit();
      }),
    leave(amount: number) {
      taken -= amount;
      admit();
    },
  };
}
