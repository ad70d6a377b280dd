import { IDBFactory } from 'fake-indexeddb';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readNetwork } from '../../formats/network';
import { openSafetensors } from '../../formats/safetensors/read';
import { AppError } from '../../lib/errors';
import { trainingSpecs } from '../../model/training';
import { noisyData, TINY_CONFIG } from './testing';
import { closeBrowser, finished, openBrowser, page, stopped } from './testing-page';
import type { TrainingFile } from './training';

beforeEach(openBrowser);
afterEach(closeBrowser);

describe('what comes out', () => {
  const bytesOf = async ({ blob }: TrainingFile) => new Uint8Array(await blob.arrayBuffer());

  it('is files with PyTorch’s names: G, D, and the optimizers’ state', async () => {
    const { training, fake } = await finished(6);
    const files = await training.exportFiles();
    expect(files.map(({ name }) => name)).toEqual([
      'generator.safetensors',
      'discriminator.safetensors',
      'optimizer.safetensors',
    ]);
    const { tensors } = await fake.state({ handle: fake.open()[0]! });
    const generator = readNetwork(await bytesOf(files[0]!), 'G');
    expect(generator.spec).toEqual(trainingSpecs(TINY_CONFIG).generator);
    for (const [name, { data }] of Object.entries(generator.tensors)) {
      expect(data).toEqual(tensors[`generator.${name}`]!.data);
    }
    expect(readNetwork(await bytesOf(files[1]!), 'D').spec.role).toBe('discriminator');
    const optimizer = openSafetensors(await bytesOf(files[2]!));
    expect(optimizer.metadata.get('step')).toBe('6');
    expect([...optimizer.arrays.keys()]).toEqual(['adam.generator.main.0.weight.exp_avg']);
  });

  it('is a zip that another machine resumes exactly', async () => {
    const whole = await finished(60);
    const first = await finished(40);
    const file = await first.training.exportRun();
    expect(file.name).toBe('Noise, step 40.zip');
    vi.stubGlobal('indexedDB', new IDBFactory());
    const other = page();
    await other.training.importRun(file.blob);
    const { run, ...imported } = other.state();
    const before = first.state();
    expect(imported).toMatchObject({ status: 'paused', step: 40, snapshots: before.snapshots });
    expect(imported.measures).toEqual(before.measures);
    expect(run).toMatchObject({ title: 'Noise', config: TINY_CONFIG });
    expect(run!.id).not.toBe(before.run!.id);
    expect(await other.training.kept()).toMatchObject([{ step: 40 }]);
    await other.training.resume({ steps: 20 });
    await stopped(other, 'finished');
    expect(other.state().history).toEqual(whole.state().history);
  });

  it('opens as a model, now or at a snapshot', async () => {
    const opened: File[][] = [];
    const one = page((source) => {
      opened.push([source].flat() as File[]);
      return Promise.reject(new Error('seen'));
    });
    await one.training.start({
      ...{ config: TINY_CONFIG, data: noisyData(), steps: 10 },
      title: 'My heads: 1/2',
    });
    await stopped(one, 'finished');
    await expect(one.training.openAsModel()).rejects.toThrow('seen');
    await expect(one.training.openAsModel(4)).rejects.toThrow('seen');
    expect(opened.map((files) => files.map(({ name }) => name))).toEqual([
      ['My heads 1 2, step 10.safetensors', 'discriminator.safetensors'],
      ['My heads 1 2, step 4.safetensors'],
    ]);
    const file = opened[1]![0]!;
    const { spec } = readNetwork(new Uint8Array(await file.arrayBuffer()), file.name);
    expect(spec).toEqual(trainingSpecs(TINY_CONFIG).generator);
  });
});

describe('a file that is no run', () => {
  const refused = async (bytes: Uint8Array, name = 'run.zip') => {
    const one = page();
    const file = new File([new Uint8Array(bytes)], name);
    try {
      await one.training.importRun(file);
    } catch (error) {
      if (error instanceof AppError) return { code: error.code, message: error.message };
      throw error;
    }
    return { code: 'none', message: '' };
  };
  const zipped = (files: Record<string, string>) =>
    zipSync(Object.fromEntries(Object.entries(files).map(([name, one]) => [name, strToU8(one)])));

  it('is refused by name, and nothing is lost', async () => {
    expect(await refused(strToU8('hello'))).toMatchObject({ code: 'run-file-damaged' });
    expect((await refused(new Uint8Array(0), 'x.zip')).message).toContain('x.zip');
    expect(await refused(zipped({ 'a.png': 'x' }))).toMatchObject({ code: 'run-file-foreign' });
    expect(await refused(zipped({ 'run.json': '{}' }))).toMatchObject({ code: 'run-file-foreign' });
    expect(await refused(zipped({ 'run.json': '{' }))).toMatchObject({ code: 'run-file-damaged' });
    const head = { kind: 'latentarium-run', v: 2 };
    expect(await refused(zipped({ 'run.json': JSON.stringify(head) }))).toMatchObject({
      code: 'run-file-version',
    });
    const hollow = await refused(zipped({ 'run.json': JSON.stringify({ ...head, v: 1 }) }));
    expect(hollow.code).toBe('run-file-damaged');
    expect(hollow.message).toContain('info');
  });

  it('is refused wherever a good one is cut short or altered', async () => {
    const { training } = await finished(4);
    const { blob } = await training.exportRun();
    const good = new Uint8Array(await blob.arrayBuffer());
    expect(await refused(good)).toMatchObject({ code: 'none' });
    for (const share of [0.01, 0.3, 0.6, 0.95, 0.999]) {
      const cut = good.slice(0, Math.floor(share * good.length));
      expect(await refused(cut)).toMatchObject({ code: 'run-file-damaged' });
    }
    for (const share of [0.2, 0.4, 0.6, 0.8]) {
      const altered = good.slice();
      altered[Math.floor(share * good.length)]! ^= 0xff;
      expect(await refused(altered)).toMatchObject({ code: 'run-file-damaged' });
    }
  });

  it('is refused where its parts do not fit', async () => {
    const { training } = await finished(4);
    const { blob } = await training.exportRun();
    const files = unzipSync(new Uint8Array(await blob.arrayBuffer()));
    const { 'pictures.bin': pictures, ...without } = files;
    expect((await refused(zipSync(without))).message).toContain('pictures.bin is missing');
    const short = { ...files, 'pictures.bin': pictures!.slice(1) };
    expect((await refused(zipSync(short))).message).toContain('pictures.bin has 25599 bytes');
    const head = JSON.parse(strFromU8(files['run.json']!)) as { info: { config: object } };
    const wild = { ...head, info: { ...head.info, config: { ...head.info.config, batch: 1e9 } } };
    const json = strToU8(JSON.stringify(wild));
    expect((await refused(zipSync({ ...files, 'run.json': json }))).message).toContain('batch');
    const others = { ...files, 'pictures.bin': pictures!.map((x) => 255 - x) };
    expect(await refused(zipSync(others))).toMatchObject({ code: 'run-pictures-changed' });
  });
});
