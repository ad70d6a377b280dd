import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../lib/errors';
import { eventually } from '../testing';
import { noisyData, TINY_CONFIG } from './testing';
import {
  closeBrowser,
  codeOf,
  createLocks,
  finished,
  leave,
  openBrowser,
  page,
  stopped,
  trained,
} from './testing-page';
import type { TrainingPictures } from './training';

beforeEach(openBrowser);
afterEach(closeBrowser);

describe('a run', () => {
  it('trains as many steps as wished, measured from step 0 on, with snapshots all along', async () => {
    const { state, fake } = await finished(300);
    const { run, history, measures, snapshots, saved, step } = state();
    expect(step).toBe(300);
    expect(run).toMatchObject({
      title: 'Noise',
      data: { count: 100, heldOut: 16, source: { kind: 'own' } },
      parameters: { generator: 11, discriminator: 7 },
    });
    expect(history.step).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    expect(history.lossD).toEqual(fake.told.map(({ lossD }) => lossD));
    expect(measures.map((one) => one.step)).toEqual([0, 50, 100, 150, 200, 250, 300]);
    expect(snapshots).toHaveLength(39);
    expect([snapshots[0], snapshots[1], snapshots.at(-1)]).toEqual([0, 8, 300]);
    expect(saved?.step).toBe(300);
    // Noise of 0 to 255 differs by 255/√6 levels.
    expect(run!.dataDiversity).toBeGreaterThan(102);
    expect(run!.dataDiversity).toBeLessThan(106);
  });

  it('pauses, goes on, makes single steps of one part, and stops', async () => {
    const one = await trained(null);
    const { training, state, fake } = one;
    await eventually(() => state().step > 10);
    await training.pause();
    const { step } = state();
    expect(state()).toMatchObject({ status: 'paused', saved: { step } });
    await training.step(3, 'discriminator');
    expect(state()).toMatchObject({ status: 'paused', step: step + 3 });
    await training.step();
    expect(state().step).toBe(step + 4);
    await training.resume({ steps: 20 });
    await stopped(one, 'finished');
    expect(state().step).toBe(step + 24);
    await training.stop();
    expect(state()).toMatchObject({ status: 'none', run: null, step: 0 });
    expect(fake.open()).toEqual([]);
    expect(await codeOf(training.pause())).toBe('no-run');
  });

  it('may be tuned in flight, with a mark', async () => {
    const { training, state } = await trained(null);
    await training.tune({ learningRateD: 1e-4, loss: 'hinge' });
    await training.pause();
    expect(state().run?.config).toMatchObject({ learningRateD: 1e-4, loss: 'hinge' });
    expect(state().marks.map(({ label }) => label)).toEqual([
      'learning rate of D 0.0002 → 0.0001',
      'loss non-saturating → hinge',
    ]);
    expect(await codeOf(training.tune({ learningRateG: 7 }))).toBe('training-config');
  });

  it('refuses pictures of another size, and keeps the run that is there', async () => {
    const { training, state } = await trained(null);
    const config = { ...TINY_CONFIG, image: { size: 32, channels: 1 } } as const;
    expect(await codeOf(training.start({ config, data: noisyData(), steps: 5 }))).toBe(
      'training-images',
    );
    expect(state().run?.title).toBe('Noise');
  });

  it('shows the fixed grid, the newest fakes and real pictures to who looks', async () => {
    const { training, state } = await finished(5);
    const shown: TrainingPictures[] = [];
    const stop = training.onPictures((pictures) => shown.push(pictures));
    await eventually(() => shown.length === 1);
    await training.step();
    await eventually(() => shown.length === 2);
    stop();
    await training.step();
    expect(shown.map(({ step }) => step)).toEqual([5, 6]);
    const [{ fixed, fakes, reals }] = shown as [TrainingPictures];
    expect([fixed.count, fakes.count, reals.count]).toEqual([16, 8, 8]);
    expect(Array.from(reals.data.subarray(0, 1))).toEqual(
      Array.from(noisyData().images.data.subarray(5 * 8 * 256, 5 * 8 * 256 + 1)),
    );
    expect(training.fixedLatents()).toHaveLength(16);
    expect(state().step).toBe(7);
  });

  it('draws by the G of any snapshot', async () => {
    const { training, engine } = await finished(10);
    const z = training.fixedLatents().slice(0, 2);
    for (const step of [0, 1, 5, 7, 9, 10]) {
      expect(await training.picturesAt(step, z)).toMatchObject({ count: 2, height: 16 });
    }
    expect(engine.loaded()).toHaveLength(3);
    expect(await codeOf(training.picturesAt(11, z))).toBe('snapshot-unknown');
    expect(await training.picturesAt(null, z)).toMatchObject({ count: 2 });
    await training.stop();
    expect(engine.loaded()).toHaveLength(0);
  });
});

describe('nothing is lost', () => {
  it('goes on after a reload exactly as it would have', async () => {
    const whole = await finished(120);
    const first = await finished(70);
    const { id } = first.state().run!;
    leave(first);
    const second = page();
    const kept = await second.training.kept();
    expect(kept.find(({ info }) => info.id === id)).toMatchObject({ step: 70, elsewhere: false });
    await second.training.restore(id);
    expect(second.state()).toMatchObject({ status: 'paused', step: 70, saved: { step: 70 } });
    await second.training.resume({ steps: 50 });
    await stopped(second, 'finished');
    expect(second.state().history).toEqual(whole.state().history);
    // Where the first was finished it was measured once more.
    const measures = second.state().measures.filter(({ step }) => step !== 70);
    expect(measures).toEqual(whole.state().measures);
  });

  it('goes back to the last good checkpoint when numbers run away, and says what to do', async () => {
    const one = await finished(30);
    one.fake.spoilAfter = 40;
    await one.training.resume({ steps: 20 });
    await stopped(one, 'paused');
    expect(one.state()).toMatchObject({ step: 30, saved: { step: 30 } });
    expect(one.state().history.step.at(-1)).toBe(30);
    const [alarm] = one.state().alarms;
    expect(alarm).toMatchObject({ kind: 'not-finite', over: false, step: 41 });
    expect(alarm?.hint).toContain('0.00005');
    one.fake.spoilAfter = null;
    await one.training.tune({ learningRateD: 1e-5 });
    await one.training.resume({ steps: 5 });
    await stopped(one, 'finished');
    expect(one.state().step).toBe(35);
    expect(one.state().alarms[0]?.over).toBe(true);
  });

  it('goes back further where the last checkpoint leads to the same end', async () => {
    const one = await finished(30);
    await one.training.step(5);
    one.fake.spoilAfter = 38;
    for (const [expected, resumed] of [
      [35, 20],
      [30, 20],
    ] as const) {
      await one.training.resume({ steps: resumed });
      await stopped(one, 'paused');
      expect(one.state()).toMatchObject({ step: expected, saved: { step: expected } });
    }
    expect(one.state().alarms).toMatchObject([{ kind: 'not-finite', over: false }]);
  });

  it('is interrupted by a lost device, and resumes exactly', async () => {
    const whole = await finished(60);
    const one = await finished(40);
    one.fake.failure = new AppError({ code: 'training-lost', message: 'Lost.', hint: '' });
    await one.training.resume({ steps: 20 });
    await stopped(one, 'interrupted');
    expect(one.state().error).toMatchObject({ code: 'training-lost' });
    expect(one.state().error?.hint).toContain('step 40');
    await one.training.resume();
    await stopped(one, 'finished');
    expect(one.state().history).toEqual(whole.state().history);
    expect(one.state().error).toBeNull();
  });

  it('lets two tabs not train one run', async () => {
    const first = await trained(null);
    await first.training.pause();
    const { id } = first.state().run!;
    const second = page();
    expect(await second.training.kept()).toMatchObject([{ elsewhere: true }]);
    expect(await codeOf(second.training.restore(id))).toBe('run-elsewhere');
    expect(await codeOf(second.training.discard(id))).toBe('run-elsewhere');
    await first.training.stop();
    await second.training.restore(id);
    expect(second.state().status).toBe('paused');
    await second.training.discard(id);
    expect(second.state().status).toBe('none');
    expect(await second.training.kept()).toEqual([]);
    expect(await codeOf(second.training.restore(id))).toBe('run-not-kept');
  });

  it('says that the disk is full, and trains on', async () => {
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    put.mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const { state, training } = await finished(20);
    expect(state().saveTrouble).toMatchObject({ code: 'run-quota' });
    expect(state().saved).toBeNull();
    put.mockRestore();
    await training.step();
    expect(state()).toMatchObject({ saveTrouble: null, saved: { step: 21 } });
  });

  it('keeps to its share of what the browser grants', async () => {
    vi.stubGlobal('navigator', { storage: { estimate: () => Promise.resolve({ quota: 1e5 }) } });
    const { state } = await finished(20);
    expect(state().saveTrouble).toMatchObject({ code: 'run-budget' });
    expect(state().snapshots).toEqual([0, 8, 16, 20]);
  });

  it('keeps the older checkpoint when a write breaks off', async () => {
    const { training, state } = await finished(20);
    const { id } = state().run!;
    // All of it is written by then but snapshots and the head.
    const broken = vi.spyOn(IDBObjectStore.prototype, 'getAllKeys');
    broken.mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await training.step(5);
    broken.mockRestore();
    expect(state().saved?.step).toBe(20);
    const second = page();
    vi.stubGlobal('navigator', { ...navigator, locks: createLocks() });
    await second.training.restore(id);
    expect(second.state().step).toBe(20);
  });

  it('tells when the pictures are other ones than before', async () => {
    const one = page();
    const data = { ...noisyData(120), source: { kind: 'digits', count: 120, seed: 1 } } as const;
    await one.training.start({ config: TINY_CONFIG, data, steps: 3 });
    await stopped(one, 'finished');
    const { id } = one.state().run!;
    await one.training.stop();
    expect(await codeOf(one.training.restore(id))).toBe('run-pictures-changed');
    expect(one.state()).toMatchObject({ status: 'none', error: { code: 'run-pictures-changed' } });
  });
});
