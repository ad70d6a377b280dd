/** What the Look side shows, drawn for the chosen latent: pictures, maps, top samples, effects. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { sampleLatents, STREAM } from '../../core/latent';
import type { Activations, Progress, RgbaImages } from '../../engine/api';
import { isAbort } from '../../lib/errors';
import type { UnitMask } from '../../model/source';
import type { LatentSpec } from '../../model/spec';
import { knownEffects, measureEffects, type Effects } from '../../session/effects';
import { resolveLatent, samplingOf } from '../../session/latents';
import { latentParam, seedParam } from '../../session/params';
import type { CurrentModel, Session } from '../../session/session';
import { useSession, useUrlParam } from '../../ui/session-context';
import { mapOf, mapStats } from './tile-math';

/** Samples under the tiles. */
export const STRIP = 16;
/** Samples that the strongest pictures of a filter are looked for in, and effects measured on. */
const SEARCHED = 64;
const SEARCH_CHUNK = 8;
export const TOP = 6;

/** The chosen latent: that of the link, where it is of this model, else the first sample. */
export function useChosen(model: CurrentModel) {
  const session = useSession();
  const [ref, setRef] = useUrlParam(latentParam);
  const [seed] = useUrlParam(seedParam);
  const samples = useMemo(
    () => sampleLatents(STRIP, { ...samplingOf(model, session.url), seed }),
    [model, session, seed],
  );
  const z = useMemo(() => {
    try {
      if (ref) return resolveLatent(ref, samplingOf(model, session.url));
    } catch {
      // A latent of another model: the first sample stands in.
    }
    return samples[0]!;
  }, [ref, model, session, samples]);
  const index = samples.findIndex((one) => one.every((value, i) => value === z[i]));
  const choose = (sample: number) => setRef({ kind: 'sample', seed, index: sample });
  return { z, samples, index, seed, choose };
}

/** The layer's maps for one latent; null until they are there. */
export function useMaps(z: Float32Array, layer: string, units: UnitMask) {
  const session = useSession();
  const [maps, setMaps] = useState<{ layer: string; maps: Activations } | null>(null);
  useEffect(() => {
    const ended = new AbortController();
    // The layer's own switches are shown on the tiles, not in them: a dropped map stays recognisable.
    const others = Object.fromEntries(Object.entries(units).filter(([id]) => id !== layer));
    session.generator
      .activations([z], layer, { units: others, signal: ended.signal })
      .then((found) => setMaps({ layer, maps: found }))
      .catch((error: unknown) => {
        if (!isAbort(error)) session.notices.postError(error);
      });
    return () => ended.abort();
  }, [session, z, layer, units]);
  const current = maps?.layer === layer ? maps.maps : null;
  const stats = useMemo(() => current && mapStats(current), [current]);
  return { maps: current, stats };
}

/** Pictures of all filters, and of the mask; `count` first the chosen one, then the strip. */
export interface Drawn {
  images: RgbaImages;
  latents: readonly Float32Array[];
}

/** The pictures without any mask. */
export function useBefore(latents: readonly Float32Array[]): Drawn | null {
  const session = useSession();
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  useEffect(() => {
    const ended = new AbortController();
    session.generator
      .render(latents, { units: {}, signal: ended.signal })
      .then((images) => setDrawn({ images, latents }))
      .catch((error: unknown) => {
        if (!isAbort(error)) session.notices.postError(error);
      });
    return () => ended.abort();
  }, [session, latents]);
  return drawn;
}

/**
 * The pictures with a mask, of many changes only the newest: the chosen one at once, and then the rest.
 * `onDrawn` gets consecutive pictures from `first` on.
 */
export function useAfter(
  latents: readonly Float32Array[],
  units: UnitMask,
  onDrawn: (first: number, images: RgbaImages) => void,
): void {
  const session = useSession();
  const previews = useRef<ReturnType<Session['generator']['createPreview']>[]>([]);
  const receive = useRef(onDrawn);
  useEffect(() => {
    receive.current = onDrawn;
  });
  useEffect(() => {
    previews.current = [session.generator.createPreview(), session.generator.createPreview()];
    return () => previews.current.forEach((preview) => preview.dispose());
  }, [session]);
  useEffect(() => {
    let newest = true;
    const [first, rest] = previews.current;
    const draw = async () => {
      const one = await first?.render(latents.slice(0, 1), { units });
      if (one && newest) receive.current(0, one);
      if (!newest) return;
      const others = await rest?.render(latents.slice(1), { units });
      if (others && newest) receive.current(1, others);
    };
    draw().catch((error: unknown) => {
      if (!isAbort(error)) session.notices.postError(error);
    });
    return () => {
      newest = false;
    };
  }, [session, latents, units]);
}

/** A filter's strongest samples: which, how strong, and the map. */
export interface TopSample {
  sample: number;
  score: number;
  map: Float32Array;
}

interface TopTable {
  layer: string;
  /** By filter, strongest first. */
  tops: TopSample[][];
  pictures: RgbaImages;
}

/** The samples on which each filter of a layer is strongest; searched once a layer, after a moment. */
export function useTopSamples(model: CurrentModel, layer: string): TopTable | null {
  const session = useSession();
  const { latent } = model.spec;
  const [table, setTable] = useState<TopTable | null>(null);
  useEffect(() => {
    const ended = new AbortController();
    const timer = setTimeout(() => {
      searchTops(session, latent, layer, ended.signal)
        .then(setTable)
        .catch((error: unknown) => {
          if (!isAbort(error)) session.notices.postError(error);
        });
    }, 500);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [session, latent, layer]);
  return table?.layer === layer ? table : null;
}

async function searchTops(
  session: Session,
  { size, prior }: LatentSpec,
  layer: string,
  signal: AbortSignal,
): Promise<TopTable> {
  const z = sampleLatents(SEARCHED, { seed: 1, prior, size, stream: STREAM.reference });
  const tops: TopSample[][] = [];
  for (let start = 0; start < z.length; start += SEARCH_CHUNK) {
    const chunk = z.slice(start, start + SEARCH_CHUNK);
    const maps = await session.generator.activations(chunk, layer, { units: {}, signal });
    for (let sample = 0; sample < chunk.length; sample++) {
      const { high } = mapStats(maps, sample);
      high.forEach((score, filter) => {
        const list = (tops[filter] ??= []);
        if (list.length >= TOP && score <= list.at(-1)!.score) return;
        list.push({ sample: start + sample, score, map: mapOf(maps, filter, sample) });
        list.sort((a, b) => b.score - a.score);
        list.length = Math.min(list.length, TOP);
      });
    }
  }
  const pictures = await session.generator.render(z, { units: {}, signal });
  return { layer, tops, pictures };
}

/** Effects of a layer's filters: what is known, and measuring them, 8 samples first and then 64. */
export function useEffects(model: CurrentModel, layer: string) {
  const session = useSession();
  const [measured, setMeasured] = useState<Effects | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const running = useRef<AbortController | null>(null);
  // By handle: the model's judge and card arrive later, and are no reason to stop.
  useEffect(() => () => running.current?.abort(), [model.handle, layer]);

  const known = measured?.layer === layer ? measured : knownEffects(model, layer);
  const measure = useCallback(async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    const step = (from: number, to: number) => ({
      signal,
      onProgress: ({ fraction, label }: Progress) =>
        setProgress({ fraction: from + (to - from) * fraction, label }),
    });
    try {
      setMeasured(await measureEffects(session, layer, { samples: 8, ...step(0, 0.12) }));
      setMeasured(await measureEffects(session, layer, { samples: SEARCHED, ...step(0.12, 1) }));
    } catch (error) {
      if (!isAbort(error)) session.notices.postError(error);
    } finally {
      if (running.current === controller) setProgress(null);
    }
  }, [session, layer]);
  return { effects: known, progress, measure, cancel: () => running.current?.abort() };
}
