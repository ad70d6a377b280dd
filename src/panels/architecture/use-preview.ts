import { useEffect, useRef, useState, type RefObject } from 'react';
import { sampleLatents } from '../../core/latent';
import type { Engine, RgbaImages } from '../../engine/api';
import { isAbort, toErrorReport, type ErrorReport } from '../../lib/errors';
import type { NetworkSource } from '../../model/source';
import { lacksStatistics } from '../../session/freeze';
import type { CurrentModel } from '../../session/session';
import { useSession } from '../../ui/session-context';
import type { ThumbGridHandle } from '../../ui/thumb-grid';

/** How many samples the preview shows. */
export const PREVIEW_COUNT = 16;
const SEED = 7;
/** Drawn along where the batch's own statistics are used, so that 16 pictures do not depend on each other alone. */
const COMPANIONS = 48;

/** Draws the samples of the open model, or of another reading of it, on a grid. */
export function usePreview(
  grid: RefObject<ThumbGridHandle | null>,
  model: CurrentModel,
  changed: NetworkSource | null,
): { busy: boolean; error: ErrorReport | null } {
  const { engine, generator } = useSession();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorReport | null>(null);
  const queue = useRef<Promise<unknown>>(Promise.resolve());

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const draw = async (): Promise<void> => {
      if (signal.aborted) return;
      setBusy(true);
      grid.current?.markStale();
      try {
        const images = changed
          ? await drawReading(engine, changed, signal)
          : await generator.render(latentsOf(model.spec.latent, PREVIEW_COUNT), { signal });
        if (!signal.aborted) grid.current?.paint(0, images);
        setError(null);
      } catch (cause) {
        if (!isAbort(cause)) setError(toErrorReport(cause));
      } finally {
        if (!signal.aborted) setBusy(false);
      }
    };
    // One after the other: weights of readings that were overtaken are not piled up on the device.
    queue.current = queue.current.then(draw, draw);
    return () => controller.abort();
  }, [engine, generator, grid, model, changed]);

  return { busy, error };
}

async function drawReading(
  engine: Engine,
  source: NetworkSource,
  signal: AbortSignal,
): Promise<RgbaImages> {
  const { spec } = source;
  if (spec.role !== 'generator') throw new TypeError('a generator was expected');
  const { handle } = await engine.load(source);
  try {
    const batch = lacksStatistics(source);
    const all = latentsOf(spec.latent, PREVIEW_COUNT + COMPANIONS);
    return await engine.render(
      {
        handle,
        z: joined(all.slice(0, PREVIEW_COUNT)),
        count: PREVIEW_COUNT,
        ...(batch && { statistics: 'batch', reference: joined(all.slice(PREVIEW_COUNT)) }),
      },
      { signal },
    );
  } finally {
    await engine.unload(handle).catch(() => undefined);
  }
}

function latentsOf(latent: CurrentModel['spec']['latent'], count: number): Float32Array[] {
  return sampleLatents(count, { seed: SEED, prior: latent.prior, size: latent.size });
}

/** One after the other, as the engine takes them. */
export function joined(latents: readonly Float32Array[]): Float32Array {
  const size = latents[0]?.length ?? 0;
  const all = new Float32Array(latents.length * size);
  for (const [index, z] of latents.entries()) all.set(z, index * size);
  return all;
}
