import { useCallback, useMemo } from 'react';
import { latentKey } from './frame-cache';
import type { LatentRef } from '../../session/latent-ref';
import { activeUnits } from '../../session/mask';
import { maskParam } from '../../session/mask-link';
import { samplingOf, type Sampling } from '../../session/latents';
import {
  keysParam,
  MAX_KEYFRAMES,
  priorParam,
  seedParam,
  truncationParam,
} from '../../session/params';
import type { CurrentModel } from '../../session/session';
import { useSession, useStoreValue, useUrlParam } from '../../ui/session-context';
import type { Look } from './film';
import type { Scene } from './frame-drawer';
import { FIRST_KEYFRAMES, insertKeys, sampleRefs, type Keyframe } from './keyframes';
import {
  closedParam,
  compareParam,
  easingParam,
  endlessSeedParam,
  framesParam,
  interpolationParam,
  kindParam,
} from './params';
import { resolveKeyframes, walkScene, type WalkSettings } from './walk';

export interface Walk {
  model: CurrentModel;
  look: Look;
  keyframes: readonly Keyframe[];
  /** Keyframes of the link that belong to a model with another size of z. */
  leftOut: number;
  settings: WalkSettings;
  sampling: Sampling;
  scene: Scene | null;
  /** Replaces all; Back undoes it. */
  setKeys: (refs: readonly LatentRef[]) => void;
  /** Adds before place `at`, or at the end. Says so when the walk is full. */
  addKeys: (refs: readonly LatentRef[], at?: number) => void;
}

/** The walk that the link describes. */
export function useWalk(model: CurrentModel): Walk {
  const sampling = useSampling(model);
  const settings = useSettings();
  const [refs] = useUrlParam(keysParam);
  const [seed] = useUrlParam(seedParam);
  const labelOf = useShelfLabels(model);

  const { keyframes, leftOut } = useMemo(() => {
    const own = resolveKeyframes(refs, sampling, labelOf);
    // Nothing opens empty: a link without keyframes walks through the first samples of its seed.
    const keyframes =
      own.length > 0 ? own : resolveKeyframes(sampleRefs(seed, FIRST_KEYFRAMES), sampling, labelOf);
    return { keyframes, leftOut: refs.length - own.length };
  }, [refs, seed, sampling, labelOf]);

  // Labels change with the shelf; the pictures do not.
  const look = useLook(model);
  const path = useStableKeyframes(keyframes);
  const scene = useMemo(
    () => walkScene(look, path, settings, sampling),
    [look, path, settings, sampling],
  );
  return {
    model,
    look,
    keyframes,
    leftOut,
    settings,
    sampling,
    scene,
    ...useKeyActions(keyframes),
  };
}

function useKeyActions(keyframes: readonly Keyframe[]) {
  const { url, notices } = useSession();
  const setKeys = useCallback(
    (next: readonly LatentRef[]) =>
      url.set(keysParam, next.slice(0, MAX_KEYFRAMES), { push: true }),
    [url],
  );
  const addKeys = useCallback(
    (added: readonly LatentRef[], at?: number) => {
      const now = keyframes.map(({ ref }) => ref);
      if (now.length + added.length > MAX_KEYFRAMES) {
        notices.post({
          level: 'warning',
          message: `A walk has at most ${MAX_KEYFRAMES} keyframes.`,
          hint: 'What did not fit was left out. Remove some first.',
        });
      }
      setKeys(insertKeys(now, added, at));
    },
    [keyframes, notices, setKeys],
  );
  return { setKeys, addKeys };
}

/** The model with the mask of the link: another mask, other pictures. */
function useLook(model: CurrentModel): Look {
  const { url, generator, models } = useSession();
  const [mask] = useUrlParam(maskParam);
  // The mask is read inside, from the link.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const units = useMemo(() => activeUnits(url, model) ?? {}, [url, model, mask]);
  return useMemo(() => {
    const { height, width } = model.spec.output;
    return {
      prefix: `${model.modelHash} ${JSON.stringify(units)}`,
      height,
      width,
      units,
      render(z, options) {
        // The generator draws with the model that is open: never under the name of another one.
        if (models.store.getState().current?.handle !== model.handle) {
          return Promise.reject(new DOMException('Another model is open', 'AbortError'));
        }
        return generator.render(z, { ...options, units });
      },
    };
  }, [model, units, generator, models]);
}

function useSampling(model: CurrentModel): Sampling {
  const { url } = useSession();
  const [prior] = useUrlParam(priorParam);
  const [truncation] = useUrlParam(truncationParam);
  // Prior and truncation are read inside, from the link.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => samplingOf(model, url), [model, url, prior, truncation]);
}

function useSettings(): WalkSettings {
  const [kind] = useUrlParam(kindParam);
  const [interpolation] = useUrlParam(interpolationParam);
  const [closed] = useUrlParam(closedParam);
  const [easing] = useUrlParam(easingParam);
  const [framesPerSegment] = useUrlParam(framesParam);
  const [endlessSeed] = useUrlParam(endlessSeedParam);
  const [compare] = useUrlParam(compareParam);
  return useMemo(
    () => ({ kind, interpolation, closed, easing, framesPerSegment, endlessSeed, compare }),
    [kind, interpolation, closed, easing, framesPerSegment, endlessSeed, compare],
  );
}

/** What the shelf calls a latent of this model. */
function useShelfLabels(model: CurrentModel): (z: Float32Array) => string | null {
  const { shelf } = useSession();
  const items = useStoreValue(shelf.store, (state) => state.items);
  return useMemo(() => {
    const labels = new Map<string, string>();
    for (const item of items) {
      if (item.kind !== 'latent' || item.modelHash !== model.modelHash) continue;
      labels.set(latentKey(Float32Array.from(item.data.z)), item.label);
    }
    return (z) => labels.get(latentKey(z)) ?? null;
  }, [items, model]);
}

/** The same array as long as the latents in it are the same. */
function useStableKeyframes(keyframes: readonly Keyframe[]): readonly Keyframe[] {
  const text = keyframes.map(({ z }) => latentKey(z)).join();
  // eslint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => keyframes, [text]);
}
