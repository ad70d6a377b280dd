/** The equation as files: the paper's figure as PNG, and every number of it as JSON. */
import type { RgbaImages } from '../../engine/api';
import { upscaleNearest, type RgbaPixels } from '../../export/frames';
import { rgbaToPng } from '../../export/png';
import { AppError } from '../../lib/errors';
import type { CurrentModel, Session } from '../../session/session';
import type { Answer, Settings } from './answer';
import { equationText } from './equation';
import { faceCodec } from './equation-link';
import { layoutFigure, type FigureFace, type FigureLayout } from './figure';
import type { Reading } from './reading';
import type { ResolvedTerm } from './resolve';
import { meanOfGroup } from './solve';

/** Faces in the file are at least this many pixels high. */
const FACE_PIXELS = 128;

/** Draws every face anew, so that the file does not depend on what has been on the screen. */
export async function figurePng(
  session: Session,
  terms: readonly ResolvedTerm[],
  answer: Answer,
  recipe: string,
): Promise<Blob> {
  const groups = terms.map(({ sign, name, z }) => ({ sign, name, z, mean: meanOfGroup(z) }));
  const latents = [...groups.flatMap(({ z, mean }) => (mean ? [...z, mean] : [])), ...answer.nine];
  const images = await session.generator.render(latents);
  const scale = Math.max(1, Math.ceil(FACE_PIXELS / images.height));
  const layout = layoutFigure(
    groups.map(({ sign, name, z }) => ({ sign, name, count: z.length })),
    images,
    scale,
  );
  // In the order of the latents: exemplars and mean of each group, then the nine.
  const pictures = layout.faces.map((face, at) => ({ face, rgba: pictureAt(images, at) }));
  const sheet = drawSheet(layout, pictures, images, scale);
  return rgbaToPng(sheet, layout.width, layout.height, { recipe });
}

function pictureAt({ data, width, height }: RgbaImages, at: number): RgbaPixels {
  const bytes = width * height * 4;
  return data.slice(at * bytes, (at + 1) * bytes);
}

/** Black on white, as on paper, in both themes. */
function drawSheet(
  layout: FigureLayout,
  pictures: readonly { face: FigureFace; rgba: RgbaPixels }[],
  { width, height }: { width: number; height: number },
  scale: number,
): RgbaPixels {
  const canvas = new OffscreenCanvas(layout.width, layout.height);
  const context = canvas.getContext('2d');
  if (!context) {
    throw new AppError({
      code: 'export-no-canvas',
      message: 'The browser gave no canvas to draw the figure on.',
      hint: 'Close other tabs that hold many pictures, then export again.',
    });
  }
  context.fillStyle = '#fff';
  context.fillRect(0, 0, layout.width, layout.height);
  context.fillStyle = '#000';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const { text, x, y, size, maxWidth } of layout.texts) {
    context.font = `${size}px sans-serif`;
    context.fillText(text, x, y, maxWidth);
  }
  for (const { face, rgba } of pictures) {
    const enlarged = upscaleNearest(rgba, width, height, scale);
    const image = new ImageData(enlarged, width * scale, height * scale);
    context.putImageData(image, face.x, face.y);
  }
  return context.getImageData(0, 0, layout.width, layout.height).data;
}

interface EquationJsonParts {
  model: CurrentModel;
  terms: readonly ResolvedTerm[];
  answer: Answer;
  settings: Settings;
  reading: Reading | null;
  link: string;
}

/** Everything that a notebook needs to repeat the figure; latents as plain numbers. */
export function equationJson(parts: EquationJsonParts): string {
  const { model, terms, answer, settings, reading, link } = parts;
  const { fade, normalization, radius, seed } = settings;
  const body = {
    v: 1,
    kind: 'latentarium-equation',
    equation: equationText(terms),
    model: model.id,
    modelHash: model.modelHash,
    link,
    terms: terms.map(({ sign, name, slots, z }) => ({
      sign,
      name,
      faces: slots.flatMap((slot) => (slot?.resolved.ok ? [faceCodec.format(slot.face)] : [])),
      z: z.map((one) => Array.from(one)),
    })),
    fade,
    normalise: normalization,
    noise: { radius, seed },
    z: Array.from(answer.result),
    neighbours: answer.nine.filter((one) => one !== answer.result).map((one) => Array.from(one)),
    judge: reading,
  };
  return JSON.stringify(body);
}
