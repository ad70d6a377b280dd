/** The Explore panel's state: read from the link, changed through it. */
import { useCallback, useMemo, useState } from 'react';
import { normal, uniform } from '../../lib/rng';
import { latentRefCodec, type LatentRef } from '../../session/latent-ref';
import {
  latentParam,
  priorParam,
  samplesParam,
  seedParam,
  truncationParam,
} from '../../session/params';
import type { CurrentModel } from '../../session/session';
import { useSession, useUrlParam } from '../../ui/session-context';
import {
  exact,
  neighborCells,
  portableRef,
  resolveRef,
  sameNumbers,
  sampleCells,
  type Cell,
  type SampleSource,
} from './cells';
import { aroundParam, radiusParam } from './params';

const MAX_NEW_SEED = 100_000;

/** Where samples come from, and the cells of the grid. */
export function useCells(model: CurrentModel) {
  const [seed] = useUrlParam(seedParam);
  const [count] = useUrlParam(samplesParam);
  const [priorChoice] = useUrlParam(priorParam);
  const [truncation] = useUrlParam(truncationParam);
  const [around] = useUrlParam(aroundParam);
  const [radius] = useUrlParam(radiusParam);
  const { size } = model.spec.latent;
  const prior = priorChoice === 'model' ? model.spec.latent.prior : priorChoice;

  const source = useMemo<SampleSource>(
    () => ({ seed, prior, truncation, size }),
    [seed, prior, truncation, size],
  );
  const cells = useMemo<Cell[]>(() => {
    const center = around && resolveRef(around, source);
    return around && center
      ? neighborCells(count, center, around, radius, seed)
      : sampleCells(count, source);
  }, [around, source, count, radius, seed]);
  return { source, cells, varying: around !== null };
}

/** The latent in the large picture: from the link, or as it is being dragged. */
export function useLookedAt(cells: readonly Cell[], source: SampleSource) {
  const [ref, setRef] = useUrlParam(latentParam);
  const [draft, setDraft] = useState<{ of: LatentRef | null; z: Float32Array } | null>(null);
  const [edit, setEdit] = useState<{ text: string; origin: Float32Array } | null>(null);

  const fromLink = useMemo(() => ref && resolveRef(ref, source), [ref, source]);
  // No z in the link, or one of another model: the first cell.
  const settled = fromLink ?? cells[0]?.z ?? new Float32Array(source.size);
  const z = draft !== null && draft.of === ref ? draft.z : settled;
  const isEdit = edit !== null && ref?.kind === 'exact' && latentRefCodec.format(ref) === edit.text;
  const origin = isEdit ? edit.origin : settled;
  const index = cells.findIndex((cell) => sameNumbers(cell.z, z));

  const change = useCallback(
    (next: Float32Array, final: boolean) => {
      if (!final) {
        setDraft({ of: ref, z: next });
        return;
      }
      const nextRef = exact(next);
      setEdit({ text: latentRefCodec.format(nextRef), origin });
      setDraft(null);
      setRef(nextRef);
    },
    [ref, origin, setRef],
  );

  const cell = cells[index];
  const shownRef = draft === null && fromLink && ref ? ref : (cell?.ref ?? exact(z));
  return {
    z,
    origin,
    /** Of the cell that shows the same numbers, or −1. */
    index,
    label: cell?.label ?? labelOf(shownRef),
    ref: shownRef,
    portable: cell?.portable ?? portableRef(shownRef, source),
    select: setRef,
    change,
  };
}

export type LookedAt = ReturnType<typeof useLookedAt>;

/** What a shelf item is called; the shelf finds a name for numbers that come from nowhere. */
function labelOf(ref: LatentRef): string {
  return ref.kind === 'sample' ? `Seed ${ref.seed}, no. ${ref.index + 1}` : '';
}

/** A new seed for the grid; who looked at one of its samples looks at the same place of the new one. */
export function useNewSeed(lookedAt: LookedAt, varying: boolean): (seed?: number) => void {
  const { url } = useSession();
  return (wanted) => {
    const seed = wanted ?? 1 + Math.floor(Math.random() * MAX_NEW_SEED);
    const { ref } = lookedAt;
    const follows = !varying && ref.kind === 'sample' && lookedAt.index >= 0;
    const place: LatentRef | null = follows ? { ...ref, seed } : url.get(latentParam);
    const changes = [
      [seedParam, seed],
      [latentParam, place],
    ] as Parameters<typeof url.update>[0];
    // A seed that was drawn by lot is found again by Back only; one that was typed can be typed again.
    url.update(changes, { push: wanted === undefined });
  };
}

/** One more number from a prior, for a bar. */
export function randomNumber(prior: SampleSource['prior']): number {
  const seed = Math.floor(Math.random() * 2 ** 32);
  return prior === 'uniform' ? 2 * uniform(seed, 0, 0) - 1 : normal(seed, 0, 0);
}
