import type { CallOptions, Engine } from '../../engine/api';
import type { TrainingEngine } from '../../engine/training-api';
import { sliceImages, type ImageSet } from '../../model/image-set';
import type { TrainingConfig } from '../../model/training';
import type { TrainingEstimate } from './training';

/** The first step compiles, the second may still: neither is counted. */
const WARM_STEPS = 2;
const MEASURED_STEPS = 4;
const MEASURED_MS = 1500;

/** Runs a few steps on this device and gives it back; the pictures' number does not change a step. */
export async function estimateTraining(
  engine: Pick<Engine, 'memory'>,
  training: TrainingEngine,
  config: TrainingConfig,
  images: ImageSet,
  options: CallOptions = {},
): Promise<TrainingEstimate> {
  const before = await engine.memory();
  const few = sliceImages(images, 0, config.batch);
  const { handle, parameters } = await training.create({ config, images: few }, options);
  try {
    const request = { handle, part: 'both', maxMs: MEASURED_MS } as const;
    await training.steps({ ...request, steps: WARM_STEPS }, options);
    const { ms, steps } = await training.steps({ ...request, steps: MEASURED_STEPS }, options);
    const after = await engine.memory();
    const held = after.bytes + after.pooledBytes - before.bytes - before.pooledBytes;
    return { msPerStep: ms / steps, bytes: Math.max(0, held), parameters };
  } finally {
    await training.close({ handle }).catch(() => undefined);
  }
}
