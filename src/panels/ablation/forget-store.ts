/**
 * The Forget side's state and acts, one for each model: boxes with undo, fits, what is dropped, counts.
 * It outlives the panel, so that a look at Walk in between loses nothing; boxes survive a reload.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { normalizeBox, type Box } from '../../core/boxes';
import { sampleLatents } from '../../core/latent';
import type { Progress } from '../../engine/api';
import { isAbort } from '../../lib/errors';
import { BOX_SAMPLES, type BoxSet } from '../../model/box-set';
import type { UnitMask } from '../../model/source';
import { fitBoxes, type Dissection } from '../../session/dissect';
import {
  changeAtBoxes,
  countForgotten,
  dropFilters,
  forgettingCurve,
  judgeConcept,
  SURE,
  type Choice,
  type Concept,
  type CurvePoint,
  type ForgetCount,
  type PixelChange,
} from '../../session/forgetting';
import { setMask } from '../../session/mask';
import { checkpointMask } from '../../session/mask-history';
import type { CurrentModel, Session } from '../../session/session';
import { boxMemory } from './box-memory';
import { defaultLayer } from './layers';

/** How many of the fitted filters are dropped. */
export type Rule =
  | { kind: 'threshold'; threshold: number }
  | { kind: 'share'; share: number }
  /** So many of each layer, by its id. */
  | { kind: 'point'; counts: Readonly<Record<string, number>> };

export type Step = 'boxes' | 'weights' | 'pictures' | 'count';

/** What the judge counted, for each way of choosing as many filters. */
export type Counts = Record<'before' | 'weights' | 'negative', ForgetCount> & {
  /** As many at random, drawn several times: they differ widely from draw to draw. */
  random: readonly ForgetCount[];
  /** Filters dropped in each case. */
  filters: number;
  change: PixelChange | null;
};

export interface Curve {
  label: string;
  choice: Choice;
  points: CurvePoint[];
}

export interface ForgetState {
  /** Of the samples that boxes are drawn on. */
  seed: number;
  boxes: readonly Box[];
  past: readonly (readonly Box[])[];
  /** The sample in the editor, and the box of it that is selected: an index into `boxes`. */
  sample: number;
  selected: number | null;
  bundled: BoxSet | null;
  /** Layers that are fitted and dropped from. */
  layers: readonly string[];
  fits: Readonly<Record<string, Dissection>>;
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
  /** The samples that boxes are drawn on; never changes for a seed. */
  latents: () => Float32Array[];
  set: (change: Partial<ForgetState>) => void;
  /** Replaces the boxes; what was fitted on the old ones is dropped. */
  setBoxes: (boxes: readonly Box[], options?: { step?: boolean }) => void;
  undo: () => void;
  load: (set: BoxSet) => void;
  /** Units that the rule drops of what was fitted. */
  units: (choice: Choice, draw?: number) => UnitMask;
  fit: () => Promise<void>;
  drop: (choice: Choice) => void;
  /** The whole recipe on the boxes: with the paper's threshold of 0, or at the point measured as best. */
  recipe: (rule?: Rule) => Promise<void>;
  /** The layers and numbers of filters that the bundled set was measured to be best at. */
  best: () => Rule | null;
  count: () => Promise<void>;
  curve: () => Promise<void>;
  cancel: () => void;
}

/** Scenes that the judge counts, and those of the curve at most. */
export const SCENES = 200;
const CURVE_SCENES = 60;
/** How many times the random control is drawn, with seeds that follow the chosen one. */
export const DRAWS = 5;
/** Shares of filters on the curve. */
export const CURVE_SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
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
    fits: {},
    rule: { kind: 'threshold', threshold: 0 },
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

  function countOf(layer: string, weights: ArrayLike<number>): number {
    const { rule } = get();
    if (rule.kind === 'share') return Math.round(rule.share * weights.length);
    if (rule.kind === 'point') return Math.min(weights.length, rule.counts[layer] ?? 0);
    return Array.from(weights).filter((weight) => weight > rule.threshold).length;
  }

  function units(choice: Choice, draw = 0): UnitMask {
    const { fits, layers, controlSeed } = get();
    const dropped: Record<string, Record<number, number>> = {};
    for (const layer of layers) {
      const fit = fits[layer];
      if (fit)
        dropped[layer] = dropFilters(
          fit.weights,
          countOf(layer, fit.weights),
          choice,
          controlSeed + draw,
        );
    }
    return dropped;
  }

  async function fitAll(
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<void> {
    const { layers, boxes } = get();
    const z = latents();
    const fits: Record<string, Dissection> = {};
    for (const [index, layer] of layers.entries()) {
      fits[layer] = await fitBoxes(session, z, boxes, layer, {
        signal,
        onProgress: ({ fraction, label }) =>
          onProgress({ fraction: (index + fraction) / layers.length, label }),
      });
    }
    store.setState({ fits, counts: null, curves: [] });
  }

  function drop(choice: Choice): void {
    checkpointMask(session, model);
    setMask(session, units(choice), { push: true });
    store.setState({ applied: choice });
  }

  /** What the judge can tell, and of that what was asked for. */
  async function judgedConcept(): Promise<Concept | null> {
    await session.models.judge();
    return get().concept;
  }

  async function countAll(
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<void> {
    const concept = await judgedConcept();
    if (!concept) return;
    // Not the samples that the boxes were drawn on: they were learned from.
    const z = latents(get().seed + 1, SCENES);
    const cases: [string, UnitMask][] = [
      ['all filters', {}],
      ['with the mask', units('weights')],
      ['most negative weights', units('negative')],
      ...Array.from({ length: DRAWS }, (_, draw): [string, UnitMask] => [
        `random filters, draw ${draw + 1}`,
        units('random', draw),
      ]),
    ];
    const judged: Float32Array[] = [];
    for (const [index, [label, mask]] of cases.entries()) {
      judged.push(
        await judgeConcept(session, z, mask, concept, {
          signal,
          onProgress: ({ fraction }) =>
            onProgress({
              fraction: (index + fraction) / (cases.length + 0.5),
              label: `Judging ${SCENES} scenes, ${label}`,
            }),
        }),
      );
    }
    const { boxes } = get();
    const change = boxes.length
      ? await changeAtBoxes(session, latents(), boxes, units('weights'), { signal })
      : null;
    const [before, weights, negative, ...random] = judged.map((p) => countForgotten(judged[0]!, p));
    const filters = Object.values(units('weights')).reduce(
      (sum, one) => sum + Object.keys(one).length,
      0,
    );
    store.setState({
      counts: {
        before: before!,
        weights: weights!,
        random,
        negative: negative!,
        filters,
        change,
      },
    });
  }

  async function drawCurves(
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<void> {
    const concept = await judgedConcept();
    if (!concept) return;
    const scenes = latents(get().seed + 1, SCENES);
    const p = await judgeConcept(session, scenes, {}, concept, { signal });
    const sure = scenes.filter((_, scene) => p[scene]! > SURE).slice(0, CURVE_SCENES);
    const { fits, controlSeed } = get();
    const all = Object.fromEntries(
      Object.entries(fits).map(([layer, fit]) => [layer, fit.weights] as const),
    );
    const single = Object.entries(all).map(([layer, weights]) => ({
      label: layer,
      layers: { [layer]: weights },
    }));
    const groups = single.length > 1 ? [...single, { label: 'together', layers: all }] : single;
    const jobs = [
      ...groups.map((group) => ({ ...group, choice: 'weights' as const })),
      { ...groups.at(-1)!, choice: 'random' as const },
    ];
    const curves: Curve[] = [];
    for (const [index, { label, layers, choice }] of jobs.entries()) {
      const points = await forgettingCurve(session, sure, concept, layers, {
        choice,
        seed: controlSeed,
        draws: choice === 'random' ? 3 : 1,
        shares: CURVE_SHARES,
        signal,
        onProgress: ({ fraction, label: dropped }) =>
          onProgress({ fraction: (index + fraction) / jobs.length, label: `${label}: ${dropped}` }),
      });
      curves.push({ label, choice, points });
      store.setState({ curves: [...curves] });
    }
  }

  return {
    store,
    latents: () => latents(),
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
    units,
    fit: () =>
      work(async (signal, onProgress) => {
        await fitAll(signal, onProgress);
        store.setState({ step: 'weights' });
      }),
    drop,
    best() {
      const counts = get().bundled?.point;
      return counts ? { kind: 'point', counts } : null;
    },
    recipe: (rule = { kind: 'threshold', threshold: 0 }) =>
      work(async (signal, onProgress) => {
        const { bundled, boxes } = get();
        if (bundled && boxes.length === 0) load(bundled);
        store.setState({ rule });
        if (rule.kind === 'point') store.setState({ layers: Object.keys(rule.counts) });
        await fitAll(signal, onProgress);
        drop('weights');
        store.setState({ step: 'pictures' });
      }),
    count: () => work(countAll),
    curve: () => work(drawCurves),
    cancel: () => running?.abort(),
  };
}
