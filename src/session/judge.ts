/** A model's judge: a small network that tells what is in a picture. Loaded after the generator. */
import type { Engine } from '../engine/api';
import { AppError } from '../lib/errors';
import { formatShape } from '../model/shapes';
import type { GeneratorSpec, JudgeOutput } from '../model/spec';
import type { JudgeSource } from './model-source';
import type { CurrentModel } from './session';

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
  return { handle, outputs };
}

/** The judge's last numbers, count × outputs, as one object a picture. */
export function readJudgements(
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
