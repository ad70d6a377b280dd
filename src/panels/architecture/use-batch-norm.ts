import { createRef, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { sampleLatent } from '../../core/latent';
import type { Engine, Progress, RgbaImages } from '../../engine/api';
import { isAbort } from '../../lib/errors';
import type { NormStatistics } from '../../model/spec';
import { freezeStatistics } from '../../session/freeze';
import type { CurrentModel } from '../../session/session';
import type { ImageCanvasHandle } from '../../ui/image-canvas';
import { useSession } from '../../ui/session-context';
import { joined } from './use-preview';

/** How many z the exhibit freezes over: a large batch, as the paper's authors' networks need it. */
export const MEASURED_OVER = 5000;

/** What is drawn along with the image: `count` others, of the neighbors' seed plus `shift`. */
export const COMPANY = [
  { title: '7 others', count: 7, shift: 0 },
  { title: '7 other others', count: 7, shift: 1000 },
  { title: '31 others', count: 31, shift: 2000 },
  { title: 'one other', count: 1, shift: 3000 },
] as const;

export interface ExhibitRow {
  statistics: NormStatistics;
  available: boolean;
  note: string;
  canvases: RefObject<ImageCanvasHandle | null>[];
  /** Largest difference of any byte between the columns; null before they are drawn. */
  change: number | null;
}

export interface Exhibit {
  rows: ExhibitRow[];
  measuring: Progress | null;
  measure: () => void;
  cancel: () => void;
}

const SORTS: readonly NormStatistics[] = ['batch', 'frozen', 'file'];

/** Draws the exhibit and measures statistics on demand. */
export function useBatchNorm(
  model: CurrentModel,
  seed: { image: number; neighbors: number },
): Exhibit {
  const session = useSession();
  const { engine, notices } = session;
  const [frozen, setFrozen] = useState<number | null>(null);
  const [measuring, setMeasuring] = useState<Progress | null>(null);
  const [changes, setChanges] = useState<Partial<Record<NormStatistics, number>>>({});
  const running = useRef<AbortController | null>(null);
  const canvases = useMemo(
    () => new Map(SORTS.map((sort) => [sort, COMPANY.map(() => createRef<ImageCanvasHandle>())])),
    [],
  );
  const opened = statisticsOf(model);

  useEffect(() => {
    return () => {
      running.current?.abort();
      if (frozen !== null) void engine.unload(frozen).catch(() => undefined);
    };
  }, [engine, frozen]);

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const drawAll = async (): Promise<void> => {
      for (const sort of SORTS) {
        const handle = sort === 'frozen' && frozen !== null ? frozen : model.handle;
        if (!isAvailable(sort, opened, frozen)) continue;
        const columns = await drawColumns(engine, handle, model, sort, seed, signal);
        columns.forEach(({ data, width, height }, index) => {
          canvases.get(sort)?.[index]?.current?.draw(data, width, height);
        });
        setChanges((before) => ({ ...before, [sort]: largestChange(columns) }));
      }
    };
    if (opened !== null) {
      drawAll().catch((error: unknown) => {
        if (!isAbort(error)) notices.postError(error);
      });
    }
    return () => controller.abort();
  }, [engine, notices, model, opened, frozen, seed, canvases]);

  async function measure(): Promise<void> {
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    setMeasuring({ fraction: 0, label: 'Reading the weights' });
    try {
      const source = await session.models.network();
      const options = { count: MEASURED_OVER, signal, onProgress: setMeasuring };
      const { handle } = await engine.load(await freezeStatistics(engine, source, options));
      setFrozen(handle);
    } catch (error) {
      if (!isAbort(error)) notices.postError(error);
    } finally {
      setMeasuring(null);
    }
  }

  const rows = SORTS.map((statistics): ExhibitRow => {
    return {
      statistics,
      available: isAvailable(statistics, opened, frozen),
      note: noteOf(statistics, opened, frozen),
      canvases: canvases.get(statistics) ?? [],
      change: changes[statistics] ?? null,
    };
  });
  return { rows, measuring, measure: () => void measure(), cancel: () => running.current?.abort() };
}

/** What the open model's norms use; null without any. */
function statisticsOf(model: CurrentModel): NormStatistics | null {
  const norm = model.spec.layers.find((layer) => layer.norm.kind === 'batch')?.norm;
  return norm?.kind === 'batch' ? norm.statistics : null;
}

function isAvailable(
  sort: NormStatistics,
  opened: NormStatistics | null,
  frozen: number | null,
): boolean {
  if (opened === null) return false;
  if (sort === 'batch') return true;
  if (sort === 'frozen') return frozen !== null || opened === 'frozen';
  return opened === 'file';
}

function noteOf(
  sort: NormStatistics,
  opened: NormStatistics | null,
  frozen: number | null,
): string {
  if (sort === 'batch') return 'mean and variance of the pictures drawn together';
  if (sort === 'file') {
    return opened === 'file' ? 'running averages from training' : 'the file has none';
  }
  if (frozen !== null) return `measured over ${MEASURED_OVER.toLocaleString('en')} z just now`;
  return opened === 'frozen' ? 'measured over 1,000 z when it was opened' : 'not measured yet';
}

async function drawColumns(
  engine: Engine,
  handle: number,
  model: CurrentModel,
  statistics: NormStatistics,
  seed: { image: number; neighbors: number },
  signal: AbortSignal,
): Promise<{ data: Uint8ClampedArray<ArrayBuffer>; width: number; height: number }[]> {
  const columns = [];
  const { prior, size } = model.spec.latent;
  const z = sampleLatent(0, { seed: seed.image, prior, size });
  for (const { count, shift } of COMPANY) {
    signal.throwIfAborted();
    const neighbors = Array.from({ length: count }, (_, index) =>
      sampleLatent(index + 1 + shift, { seed: 100 + seed.neighbors, prior, size }),
    );
    const request = { handle, z: joined([z, ...neighbors]), count: count + 1, statistics };
    columns.push(firstOf(await engine.render(request, { signal })));
  }
  return columns;
}

function firstOf({ data, width, height }: RgbaImages) {
  return { data: data.slice(0, width * height * 4), width, height };
}

function largestChange(columns: readonly { data: Uint8ClampedArray }[]): number {
  const [first, ...others] = columns;
  let most = 0;
  for (const { data } of others) {
    data.forEach((value, index) => {
      most = Math.max(most, Math.abs(value - (first?.data[index] ?? 0)));
    });
  }
  return most;
}
