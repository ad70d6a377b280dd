/**
 * The Forget side's state and acts, one for each model: boxes with undo, what filters are chosen by, what is
 * dropped, counts. It outlives the panel, so that a look at Walk in between loses nothing; boxes survive a reload.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { normalizeBox, type Box } from '../../core/boxes';
import { sampleLatents } from '../../core/latent';
import type { Progress } from '../../engine/api';
import { isAbort } from '../../lib/errors';
import { BOX_SAMPLES, type BoxSet } from '../../model/box-set';
import type { UnitMask } from '../../model/source';
import { fitBoxes, type Dissection } from '../../session/dissect';
import { measureBoxEffects, type BoxEffects } from '../../session/effects';
import {
  chooseAtRandom,
  chooseLowest,
  dropUnits,
  type Chosen,
  type Concept,
  type Scores,
} from '../../session/forgetting';
import { setMask } from '../../session/mask';
import { checkpointMask } from '../../session/mask-history';
import type { CurrentModel, Session } from '../../session/session';
import { boxMemory } from './box-memory';
import { countAll, drawCurves, type Counts, type Curve } from './forget-count';
import { defaultLayer } from './layers';
import {
  chooseBy,
  FIRST_SHARE,
  layerSizes,
  PAPER,
  type Choice,
  type Order,
  type Rule,
} from './rule';

export type Step = 'boxes' | 'filters' | 'pictures' | 'count';

export interface ForgetState {
  /** Of the samples that boxes are drawn on. */
  seed: number;
  boxes: readonly Box[];
  past: readonly (readonly Box[])[];
  /** The sample in the editor, and the box of it that is selected: an index into `boxes`. */
  sample: number;
  selected: number | null;
  bundled: BoxSet | null;
  /** Layers that are looked at and dropped from. */
  layers: readonly string[];
  order: Order;
  /** What was found on these boxes, by layer. */
  fits: Readonly<Record<string, Dissection>>;
  effects: Readonly<Record<string, BoxEffects>>;
  rule: Rule;
  controlSeed: number;
  /** What was dropped last. */
  applied: Choice | null;
  step: Step;
  /** The one piece of long work at a time. */
  work: Progress | null;
  concept: Concept | null;
  counts: Counts | null;
  curves: readonly Curve[];
}

export interface Forget {
  store: StoreApi<ForgetState>;
  /** Samples of a seed, of that of the boxes when absent; they never change. */
  latents: (seed?: number, count?: number) => Float32Array[];
  set: (change: Partial<ForgetState>) => void;
  /** Replaces the boxes; what was found on the old ones is dropped. */
  setBoxes: (boxes: readonly Box[], options?: { step?: boolean }) => void;
  undo: () => void;
  load: (set: BoxSet) => void;
  /** Scores of the filters in the order in use, of the layers that were fitted or measured. */
  scores: (order?: Order) => Scores;
  /** The filters that the rule drops; {} where nothing was fitted or measured yet. */
  chosen: () => Chosen;
  /** The mask of a choice; null where there are no scores that the lowest could be told by. */
  units: (choice: Choice, draw?: number) => UnitMask | null;
  setOrder: (order: Order) => void;
  /** Fits or measures the layers, whichever the order wants. */
  find: () => Promise<void>;
  drop: (choice: Choice) => void;
  /** The paper's recipe on the boxes: fit, drop every filter that speaks for them, look. */
  recipe: () => Promise<void>;
  /** Drops what the bundled set names as best, and fits its layers for the controls. */
  dropBest: () => Promise<void>;
  best: () => Rule | null;
  count: () => Promise<void>;
  curve: () => Promise<void>;
  cancel: () => void;
}

const MAX_STEPS = 200;

const stores = new WeakMap<Session, Map<string, Forget>>();

export function forgetOf(session: Session, model: CurrentModel): Forget {
  const own = stores.get(session) ?? new Map<string, Forget>();
  stores.set(session, own);
  let forget = own.get(model.modelHash);
  if (!forget) {
    forget = createForget(session, model);
    own.set(model.modelHash, forget);
  }
  return forget;
}

function createForget(session: Session, model: CurrentModel): Forget {
  const memory = boxMemory(model.modelHash);
  const kept = memory.read();
  const store = createStore<ForgetState>(() => ({
    seed: kept?.seed ?? 1,
    boxes: kept?.boxes ?? [],
    past: [],
    sample: kept?.boxes[0]?.sample ?? 0,
    selected: null,
    bundled: null,
    layers: [defaultLayer(model)?.id ?? ''],
    order: 'weight',
    fits: {},
    effects: {},
    rule: PAPER,
    controlSeed: 1,
    applied: null,
    step: 'boxes',
    work: null,
    concept: null,
    counts: null,
    curves: [],
  }));
  const get = store.getState;
  let running: AbortController | null = null;
  const { latent, output } = model.spec;

  void session.models.boxSet().then(
    (bundled) => {
      store.setState({ bundled });
      // Nothing opens empty: the set that ships is there until someone draws.
      if (bundled && get().boxes.length === 0) load(bundled, false);
    },
    (error: unknown) => session.notices.postError(error),
  );

  function latents(seed = get().seed, count = BOX_SAMPLES): Float32Array[] {
    return sampleLatents(count, { seed, prior: latent.prior, size: latent.size });
  }

  function setBoxes(boxes: readonly Box[], { step = true } = {}): void {
    const { boxes: old, past, seed } = get();
    store.setState({
      boxes: boxes.map((box) => normalizeBox(box, output)),
      past: step ? [...past, old].slice(-MAX_STEPS) : past,
      fits: {},
      effects: {},
      counts: null,
      curves: [],
    });
    memory.write({ seed, boxes: get().boxes });
  }

  function load(set: BoxSet, step = true): void {
    store.setState({ seed: set.seed, selected: null, sample: set.boxes[0]?.sample ?? 0 });
    setBoxes(set.boxes, { step });
  }

  /** Runs one long piece of work with progress; a second one ends the first. */
  async function work(
    task: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<void>,
  ): Promise<void> {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    const onProgress = (progress: Progress) => {
      if (running === controller) store.setState({ work: progress });
    };
    onProgress({ fraction: 0, label: 'Starting' });
    try {
      await task(controller.signal, onProgress);
    } catch (error) {
      if (!isAbort(error)) session.notices.postError(error);
    } finally {
      if (running === controller) {
        running = null;
        store.setState({ work: null });
      }
    }
  }

  function scores(order = get().order): Scores {
    const { fits, effects, layers } = get();
    const of = (layer: string) =>
      order === 'weight' ? fits[layer]?.weights : effects[layer]?.scores;
    return Object.fromEntries(
      layers.flatMap((layer) => {
        const own = of(layer);
        return own ? [[layer, own] as const] : [];
      }),
    );
  }

  const chosen = () => chooseBy(get().rule, get().order, scores());

  function units(choice: Choice, draw = 0): UnitMask | null {
    const like = chosen();
    if (choice === 'rule') return dropUnits(like);
    if (choice === 'random') {
      return dropUnits(chooseAtRandom(like, layerSizes(model), get().controlSeed + draw));
    }
    const known = scores();
    return Object.keys(like).every((layer) => known[layer])
      ? dropUnits(chooseLowest(like, known))
      : null;
  }

  /** Fits or measures one layer after the other; what is known on these boxes stays. */
  async function findAll(
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<void> {
    const { layers, boxes, order } = get();
    const z = latents();
    for (const [index, layer] of layers.entries()) {
      const options = {
        signal,
        onProgress: ({ fraction, label }: Progress) =>
          onProgress({ fraction: (index + fraction) / layers.length, label }),
      };
      if (order === 'weight' && !get().fits[layer]) {
        const fit = await fitBoxes(session, z, boxes, layer, options);
        store.setState({ fits: { ...get().fits, [layer]: fit } });
      }
      if (order === 'effect' && !get().effects[layer]) {
        const effects = await measureBoxEffects(session, z, boxes, layer, options);
        store.setState({ effects: { ...get().effects, [layer]: effects } });
      }
    }
    store.setState({ counts: null, curves: [] });
  }

  function drop(choice: Choice): void {
    const mask = units(choice);
    if (!mask) return;
    checkpointMask(session, model);
    setMask(session, mask, { push: true });
    store.setState({ applied: choice });
  }

  function best(): Rule | null {
    const filters = get().bundled?.point;
    return filters ? { kind: 'point', filters } : null;
  }

  const forget: Forget = {
    store,
    latents,
    set: (change) => store.setState(change),
    setBoxes,
    undo() {
      const { past } = get();
      const last = past.at(-1);
      if (!last) return;
      setBoxes(last, { step: false });
      store.setState({ past: past.slice(0, -1), selected: null });
    },
    load,
    scores,
    chosen,
    units,
    setOrder(order) {
      const rule: Rule = order === 'weight' ? PAPER : { kind: 'share', share: FIRST_SHARE.effect };
      store.setState({ order, rule, counts: null, curves: [] });
    },
    find: () =>
      work(async (signal, onProgress) => {
        await findAll(signal, onProgress);
        store.setState({ step: 'filters' });
      }),
    drop,
    best,
    recipe: () =>
      work(async (signal, onProgress) => {
        loadIfEmpty();
        store.setState({ rule: PAPER, order: 'weight' });
        await findAll(signal, onProgress);
        drop('rule');
        store.setState({ step: 'pictures' });
      }),
    dropBest: () =>
      work(async (signal, onProgress) => {
        const rule = best();
        if (rule?.kind !== 'point') return;
        loadIfEmpty();
        store.setState({ rule, order: 'weight', layers: Object.keys(rule.filters), counts: null });
        drop('rule');
        store.setState({ step: 'pictures' });
        await findAll(signal, onProgress);
      }),
    count: () => work((signal, onProgress) => countAll(session, forget, { signal, onProgress })),
    curve: () => work((signal, onProgress) => drawCurves(session, forget, { signal, onProgress })),
    cancel: () => running?.abort(),
  };
  return forget;

  function loadIfEmpty(): void {
    const { bundled, boxes } = get();
    if (bundled && boxes.length === 0) load(bundled);
  }
}
