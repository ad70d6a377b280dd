import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { memoryAddressBar } from '../../session/address-bar';
import { createSession } from '../../session/create-session';
import { fitBoxes } from '../../session/dissect';
import { maskOf, setMask } from '../../session/mask';
import type { Session } from '../../session/session';
import {
  createInPlaceForeign,
  createReferenceEngine,
  createSite,
  eventually,
  inPlaceInput,
} from '../../session/testing';
import type { Counts, Curve } from './forget-count';
import { forgetOf } from './forget-store';

const LAYER = 'main.0';
const BOX = { sample: 3, x0: 1, y0: 1, x1: 4, y1: 5 };
const sessions: Session[] = [];

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('navigator', { storage: { estimate: () => Promise.resolve({ quota: 1e9 }) } });
  const site = await createSite();
  vi.stubGlobal('fetch', (...request: Parameters<typeof fetch>) => site.fetch(...request));
});
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
  vi.unstubAllGlobals();
});

async function begin(engine = createReferenceEngine()) {
  const session = createSession(
    { engine, modelsUrl: 'models/', datasetsUrl: 'datasets/' },
    { bar: memoryAddressBar(''), input: inPlaceInput, foreign: createInPlaceForeign() },
  );
  sessions.push(session);
  await eventually(() => session.models.store.getState().status === 'ready');
  const model = session.models.store.getState().current!;
  const forget = forgetOf(session, model);
  forget.setBoxes([BOX]);
  /** The small site has no cards. */
  const problems = () =>
    session.notices.store
      .getState()
      .notices.filter(({ message }) => !message.includes('card.json'));
  return { session, model, forget, state: forget.store.getState, problems };
}

it('has nothing to drop before a layer was fitted, also not as the lowest', async () => {
  const { forget } = await begin();
  expect(forget.units('rule')).toEqual({});
  expect(forget.units('lowest')).toBeNull();
});

it('finds effects on the boxes, and none on boxes that were changed meanwhile', async () => {
  const { forget, state, problems } = await begin();
  forget.setOrder('effect');
  const measuring = forget.find();
  forget.setBoxes([{ ...BOX, sample: 4 }]);
  await measuring;
  expect([state().effects, state().work, state().step]).toEqual([{}, null, 'boxes']);
  await forget.find();
  expect(state().effects[LAYER]).toMatchObject({ layer: LAYER, pictures: 1 });
  expect(problems()).toEqual([]);
});

it('does not go on with another model, nor put its mask on it', async () => {
  const engine = createReferenceEngine();
  const activations = engine.activations.bind(engine);
  let go: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (go = resolve));
  engine.activations = async (request) => {
    await opened;
    return activations(request);
  };
  const { session, forget, state, problems } = await begin(engine);
  const forgetting = forget.recipe();
  const fitting = fitBoxes(session, forget.latents(), [BOX], LAYER).catch(
    (error: unknown) => error,
  );
  await session.models.open('other');
  go();
  await forgetting;
  expect(await fitting).toMatchObject({ name: 'AbortError' });
  const other = session.models.store.getState().current!;
  expect(maskOf(session.url, other).units).toEqual({});
  expect([state().fits, state().dropped, state().work]).toEqual([{}, [], null]);
  expect(problems()).toEqual([]);
});

it('keeps counts and curves only while they answer what is asked', async () => {
  const { forget, state } = await begin();
  const counts = { filters: 1 } as Counts;
  const curves: Curve[] = [{ layers: LAYER, by: 'weight', points: [] }];
  const left = (change: Parameters<typeof forget.set>[0]) => {
    forget.set({ counts, curves });
    forget.set(change);
    return [state().counts !== null, state().curves.length];
  };
  expect(left({ step: 'pictures', sample: 2 })).toEqual([true, 1]);
  expect(left({ rule: { kind: 'share', share: 0.5 } })).toEqual([false, 1]);
  expect(left({ controlSeed: 5 })).toEqual([false, 1]);
  expect(left({ layers: [LAYER] })).toEqual([false, 0]);
  expect(left({ order: 'effect' })).toEqual([false, 0]);
  expect(left({ concept: 'smile' })).toEqual([false, 0]);
});

it('knows what the mask was dropped as, also after a step back', async () => {
  const { session, model, forget } = await begin();
  await forget.find();
  forget.set({ rule: { kind: 'share', share: 1 / 3 } });
  const active = () => maskOf(session.url, model).units;
  forget.drop('rule');
  const first = active();
  forget.drop('lowest');
  expect(forget.droppedAs(active())).toBe('lowest');
  expect(forget.droppedAs(first)).toBe('rule');
  setMask(session, { [LAYER]: { 0: 0.5 } });
  expect(forget.droppedAs(active())).toBeNull();
});

it('brings back old boxes with the seed that they were drawn on', async () => {
  const { model, forget, state } = await begin();
  forget.load({ v: 1, modelHash: model.modelHash, seed: 9, boxes: [{ ...BOX, sample: 8 }] });
  expect(state()).toMatchObject({ seed: 9, sample: 8 });
  forget.undo();
  expect(state()).toMatchObject({ seed: 1, boxes: [BOX] });
});

it('drops the best point with a fit for the controls, or with the effects that are there', async () => {
  const { session, model, forget, state } = await begin();
  forget.set({
    bundled: { v: 1, modelHash: model.modelHash, seed: 1, boxes: [BOX], point: { [LAYER]: [1] } },
  });
  forget.setOrder('effect');
  await forget.dropBest();
  expect(maskOf(session.url, model).units).toEqual({ [LAYER]: { 1: 0 } });
  expect([state().order, Object.keys(state().fits)]).toEqual(['weight', [LAYER]]);
  forget.setOrder('effect');
  await forget.find();
  await forget.dropBest();
  expect([state().order, state().rule.kind, state().step]).toEqual(['effect', 'point', 'pictures']);
  expect(forget.units('lowest')).not.toBeNull();
});
