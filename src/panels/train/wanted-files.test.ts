import { expect, test } from 'vitest';
import { wantsFiles } from './wanted-files';

const files = (...names: string[]) => names.map((name) => ({ name }));

test('pictures are wanted anywhere, a stray text among them too', () => {
  expect(wantsFiles(files('a.png', 'b.JPG', 'notes.txt'), false)).toBe(true);
  expect(wantsFiles(files('a.png', 'b.txt'), false)).toBe(false);
  expect(wantsFiles(files('holiday.zip'), false)).toBe(false);
});

test('shown, the panel takes everything but weights', () => {
  expect(wantsFiles(files('holiday.zip'), true)).toBe(true);
  expect(wantsFiles(files('train-images-idx3-ubyte.gz'), true)).toBe(true);
  expect(wantsFiles(files('data_batch_1.bin'), true)).toBe(true);
  expect(wantsFiles(files('generator.safetensors'), true)).toBe(false);
  expect(wantsFiles(files('model.json', 'group1-shard1of1.bin'), true)).toBe(false);
});
