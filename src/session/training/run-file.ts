/**
 * A whole run as one zip, which another machine resumes: `run.json`, `state.safetensors`, the snapshots as
 * `snapshots/<step>.safetensors`, and `pictures.bin` where the pictures are nowhere else. Written and read
 * in the worker of work.ts.
 */
import { zipSync } from 'fflate';
import * as v from 'valibot';
import { readZip, type ZipEntry } from '../../lib/bytes/zip';
import { readNetwork } from '../../formats/network';
import { openSafetensors } from '../../formats/safetensors/read';
import { writeSafetensors } from '../../formats/safetensors/write';
import { AppError } from '../../lib/errors';
import type { NamedArray } from '../../model/source';
import { checkTrainingConfig } from '../../model/training';
import type { TrainingState } from '../../engine/training-api';
import type { Checkpoint } from './checkpoint';
import type { RunInfo } from './training';

/** What a file holds. */
export interface RunFile {
  info: RunInfo;
  checkpoint: Checkpoint;
  /** Steps and their safetensors files. */
  snapshots: [step: number, bytes: Uint8Array<ArrayBuffer>][];
  /** As an ImageSet has them; null where the set is bundled with the page or drawn by it. */
  pictures: Uint8Array<ArrayBuffer> | null;
  /** sha256 of the pictures, hex. */
  picturesHash: string;
}

const HEAD = 'run.json';
const STATE = 'state.safetensors';
const PICTURES = 'pictures.bin';
const SNAPSHOT = /^snapshots\/(\d{1,12})\.safetensors$/;

/** Stored, not packed: weights and small pictures hardly shrink. */
export function writeRunFile(run: RunFile): Uint8Array<ArrayBuffer> {
  const { info, checkpoint, snapshots, pictures, picturesHash } = run;
  const { tensors, ...state } = checkpoint.state;
  const { log, at } = checkpoint;
  const head = { v: 1, kind: 'latentarium-run', info, state, log, at, picturesHash };
  const files: Record<string, Uint8Array> = {
    [HEAD]: new TextEncoder().encode(JSON.stringify(head)),
    [STATE]: stateFile(tensors),
    ...(pictures && { [PICTURES]: pictures }),
  };
  for (const [step, bytes] of snapshots) files[`snapshots/${step}.safetensors`] = bytes;
  return new Uint8Array(zipSync(files, { level: 0 }));
}

function stateFile(
  tensors: Readonly<Record<string, NamedArray>>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  const list = Object.entries(tensors).map(([name, { shape, data }]) => ({
    name,
    dtype: 'F32' as const,
    shape,
    data,
  }));
  return writeSafetensors(list, { format: 'pt', ...metadata });
}

/**
 * Moments of both optimizers under the names of their weights; where G's average is what is shown and
 * kept, its weights as trained too. Settings and counts stand in the metadata.
 */
export function optimizerFile({ config, step, updates, tensors }: TrainingState) {
  const own = Object.entries(tensors).filter(
    ([name]) => name.startsWith('adam.') || (config.ema > 0 && name.startsWith('generator.')),
  );
  return stateFile(Object.fromEntries(own), {
    config: JSON.stringify(config),
    step: String(step),
    updates: JSON.stringify(updates),
  });
}

/**
 * Reads and checks what `writeRunFile` wrote. Throws AppError `run-file-foreign` (no run of ours),
 * `run-file-version` or `run-file-damaged`, each naming the file.
 */
export function readRunFile(bytes: Uint8Array<ArrayBuffer>, fileName: string): RunFile {
  const files = new Map(
    damagedUnless(fileName, () => readZip(bytes)).map((one) => [one.name, one]),
  );
  const head = readHead(files.get(HEAD), fileName);
  return damagedUnless(fileName, () => {
    const { info, state, log, at, picturesHash } = head;
    const stored = openSafetensors(need(files, STATE).read());
    const tensors: Record<string, NamedArray> = {};
    for (const [name, array] of stored.arrays) {
      tensors[name] = { shape: array.shape, data: array.toFloat32() };
    }
    const pictures = files.get(PICTURES)?.read() ?? null;
    checkPictures(info, pictures);
    const snapshots = readSnapshots(files, info);
    const kept = log.snapshots.filter((step) => snapshots.some(([one]) => one === step));
    return {
      info,
      checkpoint: { state: { ...state, tensors }, log: { ...log, snapshots: kept }, at },
      snapshots,
      pictures: pictures && new Uint8Array(pictures),
      picturesHash,
    };
  });
}

function readSnapshots(files: ReadonlyMap<string, ZipEntry>, { config }: RunInfo) {
  const snapshots: RunFile['snapshots'] = [];
  for (const [name, file] of files) {
    const step = SNAPSHOT.exec(name)?.[1];
    if (step === undefined) continue;
    const bytes = new Uint8Array(file.read());
    const { spec } = readNetwork(bytes, name);
    const fits =
      spec.role === 'generator' &&
      spec.latent.size === config.latentSize &&
      spec.output.width === config.image.size;
    if (!fits) throw broken(`${name} holds no generator of this run`);
    snapshots.push([Number(step), bytes]);
  }
  return snapshots.sort(([a], [b]) => a - b);
}

function checkPictures({ data, config }: RunInfo, pictures: Uint8Array | null): void {
  const { size, channels } = config.image;
  const wanted = data.count * size * size * channels;
  if (pictures && pictures.length !== wanted) {
    throw broken(`${PICTURES} has ${pictures.length} bytes instead of ${wanted}`);
  }
  const elsewhere = data.source.kind === 'bundled' || data.source.kind === 'digits';
  if (!pictures && !elsewhere) throw broken(`${PICTURES} is missing`);
}

function need(files: ReadonlyMap<string, ZipEntry>, name: string): ZipEntry {
  const file = files.get(name);
  if (file) return file;
  throw broken(`${name} is missing`);
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const text = v.pipe(v.string(), v.maxLength(1000));
/** JSON has no NaN: it stands as null. */
const column = v.pipe(
  v.array(v.nullable(v.number())),
  v.maxLength(10_000),
  v.transform((values) => values.map((value) => value ?? NaN)),
);
const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.maxLength(10_000));
const config = v.pipe(v.unknown(), v.transform(checkTrainingConfig));
const source = v.variant('kind', [
  v.object({ kind: v.literal('bundled'), id: text, seed: count }),
  v.object({ kind: v.literal('digits'), count, seed: count }),
  v.object({ kind: v.literal('kept'), id: text }),
  v.object({ kind: v.literal('own') }),
]);
const each = v.object({ generator: count, discriminator: count });
const schema = v.object({
  v: v.literal(1),
  info: v.object({
    id: text,
    title: text,
    config,
    data: v.object({ title: text, count, heldOut: count, source }),
    dataDiversity: finite,
    startedAt: finite,
    parameters: each,
  }),
  state: v.object({ config, step: count, updates: each }),
  log: v.object({
    step: count,
    targetSteps: v.nullable(count),
    history: v.pipe(
      v.object({ step: column, lossD: column, lossG: column, real: column, fake: column }),
      v.check((rows) => Object.values(rows).every((one) => one.length === rows.step.length)),
    ),
    marks: list(v.object({ step: count, label: text })),
    alarms: list(
      v.object({
        kind: v.picklist(['collapse', 'discriminator-wins', 'generator-wins', 'not-finite']),
        step: count,
        message: text,
        hint: text,
        over: v.boolean(),
      }),
    ),
    measures: list(v.object({ step: count, slicedWasserstein: finite, diversity: finite })),
    snapshots: list(count),
    snapshotInterval: v.pipe(count, v.minValue(1)),
  }),
  at: finite,
  picturesHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

type Head = v.InferOutput<typeof schema>;

function readHead(file: ZipEntry | undefined, fileName: string): Head {
  if (!file) throw foreign(fileName);
  const json = damagedUnless(fileName, (): unknown =>
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.read())),
  );
  const { kind, v: version } = (json ?? {}) as { kind?: unknown; v?: unknown };
  if (kind !== 'latentarium-run') throw foreign(fileName);
  if (version !== 1) throw otherVersion(fileName);
  const result = damagedUnless(fileName, () => v.safeParse(schema, json));
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? 'the whole';
  return damagedUnless(fileName, () => {
    throw broken(`in ${HEAD}, ${path}: ${issue.message}`);
  });
}

function broken(what: string): Error {
  return new Error(what);
}

function foreign(fileName: string): AppError {
  return new AppError({
    code: 'run-file-foreign',
    message: `${fileName} is a zip, but no training run of this page is in it.`,
    hint: 'Choose a file that “Export run” gave. A zip of pictures is opened as pictures, weights as a model.',
  });
}

function otherVersion(fileName: string): AppError {
  return new AppError({
    code: 'run-file-version',
    message: `${fileName} is of a newer version of this page.`,
    hint: 'Reload the page to get its newest version, then import the run again.',
  });
}

/** Whatever is wrong on the way becomes one kind of failure that names the file and says what to do. */
function damagedUnless<T>(fileName: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
    throw new AppError(
      {
        code: 'run-file-damaged',
        message: `${fileName} cannot be read as a training run: ${detail}.`,
        hint: 'Nothing was changed. The file was cut short or altered: copy it again, or export the run anew.',
      },
      { cause },
    );
  }
}
