import { openFiles } from '../formats/foreign/open-files';
import { AppError } from '../lib/errors';
import type { ForeignNetwork } from '../model/foreign';
import { inferNetwork } from '../model/infer';
import type { InferredNetwork } from '../model/infer';
import type {
  ForeignCallOptions,
  ForeignFile,
  FoundNetwork,
  InferAnswer,
  InferRequest,
  OpenForeignAnswer,
} from './foreign';
import { networkBytes } from './network-bytes';

/** What the worker does; it remembers the arrays of the last files. */
export interface ForeignReader {
  open(files: readonly ForeignFile[], options?: ForeignCallOptions): Promise<OpenForeignAnswer>;
  infer(request: InferRequest): InferAnswer;
}

/** Opens, looks for generators and takes the likeliest. */
export function createForeignReader(): ForeignReader {
  let networks: ForeignNetwork[] = [];

  function infer({ index, overrides }: InferRequest): InferAnswer {
    const network = networks[index];
    if (!network) {
      throw new AppError({
        code: 'foreign-closed',
        message: `The file has no network ${index + 1}.`,
        hint: 'Open the file again.',
      });
    }
    return answerOf(inferNetwork(network, overrides));
  }

  return {
    async open(files, options = {}) {
      networks = [];
      const read = await Promise.all(
        files.map(async ({ name, file }) => ({
          name,
          bytes: new Uint8Array(await file.arrayBuffer()),
        })),
      );
      const opened = await openFiles(read, options);
      networks = opened.networks;
      options.onProgress?.({ fraction: 0.9, label: 'Finding out the layers' });
      const found = networks.map(describeNetwork);
      const index = chooseGenerator(found.map(({ network }) => network));
      const reason = found[index]?.error;
      if (reason) throw reason;
      const refused = opened.refused.map(({ reason: error }) => error.message);
      const list = found.map(({ network }) => network);
      return { ...infer({ index, overrides: {} }), networks: list, index, refused };
    },
    infer,
  };
}

function describeNetwork(foreign: ForeignNetwork): {
  network: FoundNetwork;
  error: AppError | null;
} {
  const { label } = foreign;
  try {
    const { spec } = inferNetwork(foreign).source;
    if (spec.role === 'generator') {
      return { network: { label, role: 'generator', reason: null }, error: null };
    }
    const error = notGenerator(label, spec.role);
    return { network: { label, role: 'discriminator', reason: error.message }, error };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, hint } = error;
    const message =
      label && !error.message.includes(label) ? `${label}: ${error.message}` : error.message;
    const named = new AppError({ code, message, hint }, { cause: error });
    return { network: { label, role: 'unknown', reason: message }, error: named };
  }
}

/** Averaged weights draw best; then what calls itself a generator; then the first that is one. */
function chooseGenerator(networks: readonly FoundNetwork[]): number {
  const rank = ({ label, role }: FoundNetwork): number => {
    if (role !== 'generator') return role === 'discriminator' ? 4 : 3;
    if (/ema|average/i.test(label)) return 0;
    return /gen|net_?g|(^|[^a-z])g($|[^a-z])/i.test(label) ? 1 : 2;
  };
  const ranks = networks.map(rank);
  return ranks.indexOf(Math.min(...ranks));
}

function notGenerator(label: string, role: string): AppError {
  return new AppError({
    code: 'not-a-generator',
    message: `${label} holds a ${role}: it judges images and draws none.`,
    hint: 'Open the generator that was trained with it; in most repositories its file lies beside.',
  });
}

function answerOf({ source, assumptions, notes }: InferredNetwork): InferAnswer {
  return { network: source, assumptions, notes, bytes: networkBytes(source).buffer };
}
