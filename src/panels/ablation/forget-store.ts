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
import { sameUnits, setMask } from '../../session/mask';
import { checkpointMask } from '../../session/mask-history';
import type { CurrentModel, Session } from '../../session/session';
import { boxMemory } from './box-memory';
import { countAll, drawCurves, type Counts, type Curve } from './forget-count';
import { defaultLayer, titleOf } from './layers';
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
  past: readonly Pick<ForgetState, 'seed' | 'boxes'>[];
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
  /** What was dropped, the latest last: Undo and Back may return to each. */
  dropped: readonly { what: Dropped; units: UnitMask }[];
  step: Step;
  /** The one piece of long work at a time. */
  work: Progress | null;
  concept: Concept | null;
  counts: Counts | null;
  curves: readonly Curve[];
}

/** Filters of a choice; 'point' where the rule was the bundled set's. */
export type Dropped = Choice | 'point';

export interface Forget {
  store: StoreApi<ForgetState>;
  /** Samples of a seed, of that of the boxes when absent; they never change. */
  latents: (seed?: number, count?: number) => Float32Array[];
  /** Changes the state; counts and curves that answer another question go, and work on it ends. */
  set: (change: Partial<ForgetState>) => void;
  /** Replaces the boxes; what was found on the old ones is dropped. */
  setBoxes: (boxes: readonly Box[], options?: { step?: boolean; seed?: number }) => void;
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
  /** What a mask is, where it was dropped here. */
  droppedAs: (units: UnitMask) => Dropped | null;
  /** The paper's recipe on the boxes: fit, drop every filter that speaks for them, look. */
  recipe: () => Promise<void>;
  /** Drops what the bundled set names as best, and fits its layers for the controls unless they are measured. */
  dropBest: () => Promise<void>;
  best: () => Rule | null;
  count: () => Promise<void>;
  curve: () => Promise<void>;
  cancel: () => void;
}

const MAX_STEPS = 200;

type Asked = readonly (keyof ForgetState)[];
/** What regressions and effects are found on, and what curves and counts answer. */
const FOUND_ON: Asked = ['seed', 'boxes'];
const CURVES_OF: Asked = [...FOUND_ON, 'layers', 'order', 'concept', 'fits', 'effects'];
const COUNTS_OF: Asked = [...CURVES_OF, 'rule', 'controlSeed'];

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
    dropped: [],
    step: 'boxes',
    work: null,
    concept: null,
    counts: null,
    curves: [],
  }));
  const get = store.getState;
  let running: { controller: AbortController; asked: Asked } | null = null;
  const { latent, output } = model.spec;

  void session.models.boxSet().then(
    (bundled) => {
      set({ bundled });
      // Nothing opens empty: the set that ships is there until someone draws.
      if (bundled && get().boxes.length === 0) load(bundled, false);
    },
    (error: unknown) => session.notices.postError(error),
  );

  function latents(seed = get().seed, count = BOX_SAMPLES): Float32Array[] {
    return sampleLatents(count, { seed, prior: latent.prior, size: latent.size });
  }

  function set(change: Partial<ForgetState>): void {
    const now = get();
    const differs = (asked: Asked) =>
      asked.some((key) => key in change && change[key] !== now[key]);
    if (running && differs(running.asked)) running.controller.abort();
    store.setState({
      ...(differs(COUNTS_OF) && { counts: null }),
      ...(differs(CURVES_OF) && { curves: [] }),
      ...change,
    });
  }

  function setBoxes(
    boxes: readonly Box[],
    { step = true, seed = get().seed }: { step?: boolean; seed?: number } = {},
  ): void {
    const { past, ...old } = get();
    set({
      seed,
      boxes: boxes.map((box) => normalizeBox(box, output)),
      past: step ? [...past, { seed: old.seed, boxes: old.boxes }].slice(-MAX_STEPS) : past,
      fits: {},
      effects: {},
    });
    memory.write({ seed, boxes: get().boxes });
  }

  function load({ seed, boxes }: BoxSet, step = true): void {
    set({ selected: null, sample: boxes[0]?.sample ?? 0 });
    setBoxes(boxes, { step, seed });
  }

  /**
   * Runs one long piece of work with progress. It ends when another one begins, when what it was asked
   * changes, and when another model is opened: its answer would stand beside a question that it is not of.
   */
  async function work(
    asked: Asked,
    task: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<void>,
  ): Promise<void> {
    running?.controller.abort();
    const controller = new AbortController();
    running = { controller, asked };
    const isMine = () => running?.controller === controller;
    const onProgress = (progress: Progress) => {
      if (isMine()) set({ work: progress });
    };
    const models = session.models.store;
    const handle = models.getState().current?.handle;
    const unwatch = models.subscribe(({ current }) => {
      if (current?.handle !== handle) controller.abort();
    });
    onProgress({ fraction: 0, label: 'Starting' });
    try {
      await task(controller.signal, onProgress);
    } catch (error) {
      if (!isAbort(error)) session.notices.postError(error);
    } finally {
      unwatch();
      if (isMine()) {
        running = null;
        set({ work: null });
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
    const own = Object.keys(like);
    return own.length > 0 && own.every((layer) => known[layer])
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
          onProgress({
            fraction: (index + fraction) / layers.length,
            label: layers.length > 1 ? `${titleOf(model, layer)}: ${label}` : label,
          }),
      };
      if (order === 'weight' && !get().fits[layer]) {
        const fit = await fitBoxes(session, z, boxes, layer, options);
        signal.throwIfAborted();
        set({ fits: { ...get().fits, [layer]: fit } });
      }
      if (order === 'effect' && !get().effects[layer]) {
        const effects = await measureBoxEffects(session, z, boxes, layer, options);
        signal.throwIfAborted();
        set({ effects: { ...get().effects, [layer]: effects } });
      }
    }
  }

  function drop(choice: Choice): void {
    const mask = units(choice);
    if (!mask) return;
    checkpointMask(session, model);
    setMask(session, mask, { push: true });
    const what: Dropped = choice === 'rule' && get().rule.kind === 'point' ? 'point' : choice;
    set({ dropped: [...get().dropped, { what, units: mask }].slice(-MAX_STEPS) });
  }

  function droppedAs(units: UnitMask): Dropped | null {
    return get().dropped.findLast((one) => sameUnits(one.units, units))?.what ?? null;
  }

  function best(): Rule | null {
    const filters = get().bundled?.point;
    return filters ? { kind: 'point', filters } : null;
  }

  const forget: Forget = {
    store,
    latents,
    set,
    setBoxes,
    undo() {
      const { past } = get();
      const last = past.at(-1);
      if (!last) return;
      setBoxes(last.boxes, { step: false, seed: last.seed });
      set({ past: past.slice(0, -1), selected: null });
    },
    load,
    scores,
    chosen,
    units,
    setOrder(order) {
      const rule: Rule = order === 'weight' ? PAPER : { kind: 'share', share: FIRST_SHARE.effect };
      set({ order, rule });
    },
    find: () =>
      work(FOUND_ON, async (signal, onProgress) => {
        await findAll(signal, onProgress);
        set({ step: 'filters' });
      }),
    drop,
    droppedAs,
    best,
    recipe() {
      loadIfEmpty();
      return work(FOUND_ON, async (signal, onProgress) => {
        set({ rule: PAPER, order: 'weight' });
        await findAll(signal, onProgress);
        signal.throwIfAborted();
        drop('rule');
        set({ step: 'pictures' });
      });
    },
    dropBest() {
      loadIfEmpty();
      return work(FOUND_ON, async (signal, onProgress) => {
        const rule = best();
        if (rule?.kind !== 'point') return;
        const layers = Object.keys(rule.filters);
        // Measuring takes longer than fitting by far; what is measured already stays in use.
        const order = layers.every((layer) => get().effects[layer]) ? get().order : 'weight';
        set({ rule, order, layers });
        drop('rule');
        set({ step: 'pictures' });
        await findAll(signal, onProgress);
      });
    },
    count: () =>
      work(COUNTS_OF, (signal, onProgress) => countAll(session, forget, { signal, onProgress })),
    curve: () =>
      work(CURVES_OF, (signal, onProgress) => drawCurves(session, forget, { signal, onProgress })),
    cancel: () => running?.controller.abort(),
  };
  return forget;

  function loadIfEmpty(): void {
    const { bundled, boxes } = get();
    if (bundled && boxes.length === 0) load(bundled);
  }
}
