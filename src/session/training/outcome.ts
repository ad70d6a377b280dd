/** What comes out of a run: files for other programs, a model for the panels, the run itself for another machine. */
import type { TrainingEngine } from '../../engine/training-api';
import { AppError } from '../../lib/errors';
import { networkBytes } from '../network-bytes';
import type { CurrentModel, Models } from '../session';
import type { Run } from './run';
import type { TrainingFile } from './training';

type Network = Parameters<typeof networkBytes>[0];

export async function exportFiles(run: Run, training: TrainingEngine): Promise<TrainingFile[]> {
  const handle = handleOf(run);
  const generator = await training.network({ handle, role: 'generator', average: true });
  const discriminator = await networkOfD(run, training);
  const optimizer = await run.work.optimizer(await training.state({ handle }));
  return [
    { name: 'generator.safetensors', blob: blobOf(generator) },
    { name: 'discriminator.safetensors', blob: blobOf(discriminator) },
    { name: 'optimizer.safetensors', blob: new Blob([optimizer]) },
  ];
}

/**
 * G as it is now, with its D, or G of a snapshot, which is kept in half precision and without one. Titled
 * after the run and the step, and kept as other files of the visitor's own are.
 */
export async function openAsModel(
  run: Run,
  training: TrainingEngine,
  models: Pick<Models, 'open'>,
  step: number | null,
): Promise<CurrentModel> {
  const named = (at: number) => `${fileTitle(run.info().title)}, step ${at}.safetensors`;
  if (step !== null) return models.open(new File([run.snapshots.file(step)], named(step)));
  const handle = handleOf(run);
  const generator = await training.network({ handle, role: 'generator', average: true });
  const at = run.step();
  const discriminator = await networkOfD(run, training);
  return models.open([
    new File([networkBytes(generator)], named(at)),
    new File([networkBytes(discriminator)], 'discriminator.safetensors'),
  ]);
}

export async function exportRun(run: Run, picturesHash: string): Promise<TrainingFile> {
  const checkpoint = await run.checkpoint();
  const info = run.info();
  const { snapshots } = run;
  const { kind } = info.data.source;
  // Bundled sets and digits are on every machine.
  const elsewhere = kind === 'bundled' || kind === 'digits';
  const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
  const steps = checkpoint.log.snapshots.filter((step) => snapshots.steps().includes(step));
  const bytes = await run.work.writeRun({
    info,
    checkpoint,
    snapshots: await Promise.all(
      steps.map(
        async (step) =>
          [step, await bytesOf(snapshots.file(step))] as [number, Uint8Array<ArrayBuffer>],
      ),
    ),
    pictures: elsewhere ? null : await bytesOf(run.pictures.blob),
    picturesHash,
  });
  const name = `${fileTitle(info.title)}, step ${checkpoint.log.step}.zip`;
  return { name, blob: new Blob([bytes], { type: 'application/zip' }) };
}

function networkOfD(run: Run, training: TrainingEngine): Promise<Network> {
  return training.network({ handle: handleOf(run), role: 'discriminator', average: false });
}

function blobOf(network: Network): Blob {
  return new Blob([networkBytes(network)]);
}

/** What file systems take. */
function fileTitle(title: string): string {
  return (
    title
      .replace(/[\\/:*?"<>|\p{Cc}\s]+/gu, ' ')
      .trim()
      .slice(0, 80) || 'Run'
  );
}

function handleOf(run: Run): number {
  const handle = run.handle();
  if (handle !== null) return handle;
  throw new AppError({
    code: 'run-not-on-device',
    message: 'The run was interrupted and is not on the device.',
    hint: 'Press Resume first; or take G from the time machine, or export the whole run, which need no device.',
  });
}
