/** A model's judge: a small network that tells what is in a picture. Loaded after the generator. */
import type { Engine, FloatImages } from '../engine/api';
import { AppError } from '../lib/errors';
import { formatShape } from '../model/shapes';
import type { GeneratorSpec, JudgeOutput, PixelRange } from '../model/spec';
import type { JudgeSource } from './model-source';
import type { CurrentModel, Session } from './session';

export type Judge = NonNullable<CurrentModel['judge']>;

/** What a judge says about one picture; only what this judge knows. Probabilities, and yaw in degrees. */
export type Judgement = Partial<Record<JudgeOutput['name'], number>>;

/**
 * Reads a judge and puts it on the device. Throws AppError `judge-image` where it looks at other
 * pictures than the generator draws.
 */
export async function loadJudge(
  engine: Engine,
  generator: GeneratorSpec,
  read: () => Promise<JudgeSource>,
): Promise<Judge> {
  const source = await read();
  const { input, outputs } = source.spec;
  if (formatShape(input) !== formatShape(generator.output)) {
    throw new AppError({
      code: 'judge-image',
      message: `The judge looks at pictures of ${formatShape(input)}, the generator draws ${formatShape(generator.output)}.`,
      hint: 'The two do not belong together. The generator works; only the judging of its pictures is left out.',
    });
  }
  const { handle } = await engine.load(source);
  return { handle, input, outputs };
}

/** The judge's last numbers, count × outputs, as one object a picture. */
function readJudgements(
  outputs: readonly JudgeOutput[],
  data: Float32Array,
  count: number,
): Judgement[] {
  return Array.from({ length: count }, (_, image) => {
    const judgement: Judgement = {};
    outputs.forEach((output, index) => {
      const raw = data[image * outputs.length + index] ?? 0;
      judgement[output.name] =
        output.kind === 'probability' ? 1 / (1 + Math.exp(-raw)) : raw * output.scale;
    });
    return judgement;
  });
}

/**
 * What the current model's judge says about pictures, NHWC in the generator's own range. Rejects with
 * AppError `no-judge` where the model has none, `judge-image` for pictures of another size.
 */
export async function judgeImages(session: Session, images: FloatImages): Promise<Judgement[]> {
  const judge = await session.models.judge();
  const model = session.models.store.getState().current;
  if (!judge || !model) throw noJudge(model?.title ?? 'The model');
  if (images.count === 0) return [];
  if (formatShape(images) !== formatShape(model.spec.output)) {
    throw new AppError({
      code: 'judge-image',
      message: `These pictures have ${formatShape(images)}; the judge looks at ${formatShape(model.spec.output)}.`,
      hint: 'Give pictures as generate() returns them.',
    });
  }
  const data = changeRange(images.data, model.spec.output.range, judge.input.range);
  const { handle, outputs } = judge;
  const { data: raw } = await session.engine.forward({ handle, data, count: images.count });
  return readJudgements(outputs, raw, images.count);
}

/** Numbers of one pixel range as those of another; the same array where the ranges are equal. */
export function changeRange(data: Float32Array, from: PixelRange, to: PixelRange): Float32Array {
  if (from[0] === to[0] && from[1] === to[1]) return data;
  const scale = (to[1] - to[0]) / (from[1] - from[0]);
  return data.map((value) => to[0] + (value - from[0]) * scale);
}

function noJudge(title: string): AppError {
  return new AppError({
    code: 'no-judge',
    message: `${title} has no judge.`,
    hint: 'Only models that come with a judge can tell what is in their pictures. See models() for others.',
  });
}
