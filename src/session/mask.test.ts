import { describe, expect, it } from 'vitest';
import { memoryAddressBar } from './address-bar';
import { activeUnits, countUnits, maskOf, sameUnits } from './mask';
import { maskParam, NO_MASK, tidyUnits } from './mask-link';
import type { CurrentModel } from './session';
import { createUrlState } from './url-state';

const { codec } = maskParam;
const model = {
  id: 'tiny',
  title: 'Tiny',
  layers: [
    { id: 'main.0', kind: 'convTranspose', height: 4, width: 4, channels: 8 },
    { id: 'main.3', kind: 'convTranspose', height: 8, width: 8, channels: 3 },
  ],
} as unknown as CurrentModel;
const urlOf = (hash: string) =>
  createUrlState(memoryAddressBar(hash), { fromSearch: [], notShared: [] });

describe('the mask of the link', () => {
  it('is short and reads back as it was', () => {
    const units = {
      'main.6': { 0: 0, 1: 0, 2: 0, 7: 0, 8: 0.5, 9: 0.5, 12: 2 },
      'a/b:c d': { 3: 0 },
    };
    const text = codec.format({ units, on: true });
    expect(text).toBe('main.6:0-2,7,8-9@0.5,12@2/a%2Fb%3Ac%20d:3');
    expect(codec.parse(text)).toEqual({ units, on: true });
    const off = codec.format({ units, on: false });
    expect(codec.parse(off)).toEqual({ units, on: false });
  });

  it('leaves out what changes nothing', () => {
    expect(codec.format({ units: { a: { 1: 1 } }, on: false })).toBe('');
    expect(tidyUnits({ a: { 1: 1, 2: 0 }, b: { 0: 1 } })).toEqual({ a: { 2: 0 } });
    expect(countUnits({ a: { 2: 0, 3: 0.5 }, b: { 0: 2 } })).toBe(3);
  });

  it('is the same whatever the order of its layers and filters', () => {
    const a = { 'main.3': { 2: 0, 1: 0 }, 'main.0': { 4: 0.5 } };
    expect(sameUnits(a, { 'main.0': { 4: 0.5, 5: 1 }, 'main.3': { 1: 0, 2: 0 } })).toBe(true);
    expect(sameUnits(a, { 'main.0': { 4: 0.25 }, 'main.3': { 1: 0, 2: 0 } })).toBe(false);
    expect(sameUnits(a, { 'main.3': { 1: 0, 2: 0 } })).toBe(false);
  });

  it.each(['main.6', ':3', 'a:3-1', 'a:3@2.5', 'a:x', 'a:1,', '__proto__:1', '%E0%A4%A:1'])(
    'does not take %s',
    (text) => {
      expect(codec.parse(text)).toBeUndefined();
    },
  );

  it('fits the model: foreign layers and filters are left out', () => {
    const url = urlOf('#model=tiny&mask=main.0:2,9/main.9:1');
    expect(maskOf(url, model)).toEqual({ units: { 'main.0': { 2: 0 } }, on: true });
    expect(activeUnits(url, model)).toEqual({ 'main.0': { 2: 0 } });
  });

  it('is not applied while it is off, or to another model', () => {
    expect(activeUnits(urlOf('#mask=off/main.0:2'), model)).toBeUndefined();
    expect(activeUnits(urlOf('#model=other&mask=main.0:2'), model)).toBeUndefined();
    expect(maskOf(urlOf('#model=other&mask=main.0:2'), model)).toEqual(NO_MASK);
  });
});
