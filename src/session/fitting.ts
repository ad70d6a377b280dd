/** Logistic regressions, fitted in a worker of their own: one on 512 filters takes seconds. */
import {
  accuracy,
  areaUnderCurve,
  fitLogisticRegression,
  logisticScores,
  type LogisticFit,
  type LogisticOptions,
} from '../core/logistic-regression';
import { createRpcClient, type RpcCallOptions } from '../lib/rpc';

export interface FitRequest {
  /** Rows × filters. */
  features: Float32Array;
  /** 0 or 1 a row; both occur among the rows that are not held out. */
  labels: Uint8Array;
  /** 1 for the rows that only test. */
  held: Uint8Array;
  options: LogisticOptions;
}

export interface FitAnswer extends LogisticFit {
  /** On the held-out rows, by a fit that has not seen them, 0 to 1; null where none are held out. */
  accuracy: number | null;
  auc: number | null;
}

/** What crosses to the worker. */
export interface FitApi {
  fit(request: FitRequest): FitAnswer;
}

/**
 * Fits all rows: those are the weights. The held-out rows are judged by a second fit on the others, so
 * that accuracy and AUC say how well the method does on pictures that it has not seen.
 */
export function fitHeldOut({ features, labels, held, options }: FitRequest): FitAnswer {
  const full = fitLogisticRegression(features, labels, options);
  const size = full.weights.length;
  const rows = (wanted: 0 | 1) => {
    const index = Array.from(held.keys()).filter((row) => held[row] === wanted);
    const own = new Float32Array(index.length * size);
    index.forEach((row, i) => own.set(features.subarray(row * size, (row + 1) * size), i * size));
    return { features: own, labels: Uint8Array.from(index, (row) => labels[row]!) };
  };
  const test = rows(1);
  const hasBoth = (values: Uint8Array) => values.includes(0) && values.includes(1);
  const train = rows(0);
  if (!hasBoth(test.labels) || !hasBoth(train.labels))
    return { ...full, accuracy: null, auc: null };
  const blind = fitLogisticRegression(train.features, train.labels, options);
  const scores = logisticScores(test.features, blind);
  return {
    ...full,
    accuracy: accuracy(scores, test.labels),
    auc: areaUnderCurve(scores, test.labels),
  };
}

/** Fits in a worker that lives for one fit; in place where there are no workers (Node). */
export async function runFit(
  request: FitRequest,
  { signal }: Pick<RpcCallOptions, 'signal'> = {},
): Promise<FitAnswer> {
  signal?.throwIfAborted();
  if (typeof Worker === 'undefined') return fitHeldOut(request);
  const worker = new Worker(new URL('./fit-worker.ts', import.meta.url), {
    type: 'module',
    name: 'regression',
  });
  const client = createRpcClient<FitApi>(worker);
  try {
    return await client.call('fit', request, { signal });
  } finally {
    client.dispose();
    worker.terminate();
  }
}
