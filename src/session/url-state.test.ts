import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryAddressBar } from './address-bar';
import { intCodec, listCodec, textCodec } from './codecs';
import { formatHash, parseHash } from './hash';
import { param } from './url';
import { createUrlState } from './url-state';

const seed = param('seed', intCodec(0, 100), 1, 'a seed');
const list = param('list', listCodec(intCodec(0, 9), 3), [], 'numbers');
const backend = param('backend', textCodec(), 'auto', 'of this machine');
const options = { fromSearch: ['seed', 'backend'], notShared: ['backend'] };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the fragment', () => {
  it('comes back as it was written', () => {
    const values = { model: 'local:0123', keys: 's1.2,s3.4', text: 'a b&c=d%é' };
    expect(parseHash(formatHash(values))).toEqual(values);
    expect(formatHash(values)).toContain('model=local:0123&keys=s1.2,s3.4');
  });

  it('survives what mail programs and strangers do to it', () => {
    expect(parseHash('#a=%zz&b=1&&=2&c&__proto__=x')).toEqual({ b: '1' });
    expect(parseHash('')).toEqual({});
  });
});

describe('createUrlState', () => {
  it('writes after a rest, once, and leaves defaults out', () => {
    const bar = memoryAddressBar('#panel=walk');
    const url = createUrlState(bar, options);
    for (let value = 2; value < 50; value++) url.set(seed, value);
    expect(url.get(seed)).toBe(49);
    expect(bar.hash).toBe('#panel=walk');
    vi.advanceTimersByTime(400);
    expect(bar.hash).toBe('#panel=walk&seed=49');
    url.set(seed, 1);
    vi.advanceTimersByTime(400);
    expect(bar.entries).toEqual(['#panel=walk']);
  });

  it('makes a step that Back undoes, with what was pending in the entry before it', () => {
    const bar = memoryAddressBar();
    const url = createUrlState(bar, options);
    url.set(seed, 5);
    url.set(list, [1, 2], { push: true });
    expect(bar.entries).toEqual(['#seed=5', '#seed=5&list=1,2']);
    url.set(seed, 6);
    bar.back();
    expect(url.get(list)).toEqual([]);
    expect(url.get(seed)).toBe(5);
    vi.advanceTimersByTime(400);
    expect(bar.entries[0]).toBe('#seed=5');
  });

  it('updates several at once as one entry', () => {
    const bar = memoryAddressBar();
    const url = createUrlState(bar, options);
    const seen = vi.fn();
    url.store.subscribe(seen);
    url.update(
      [
        [seed, 3],
        [list, [4]],
      ],
      { push: true },
    );
    expect(seen).toHaveBeenCalledTimes(1);
    expect(bar.entries).toEqual(['', '#seed=3&list=4']);
  });

  it('takes malformed values for the default and keeps other parts’ parameters', () => {
    const bar = memoryAddressBar('#seed=999&list=1,x&foreign=yes');
    const url = createUrlState(bar, options);
    expect(url.get(seed)).toBe(1);
    expect(url.get(list)).toEqual([]);
    url.set(list, [1]);
    expect(url.link()).toBe('https://latentarium.invalid/app/#seed=999&list=1&foreign=yes');
  });

  it('gives the same object for the same text', () => {
    const url = createUrlState(memoryAddressBar('#list=1,2'), options);
    const before = url.get(list);
    url.set(seed, 7);
    expect(url.get(list)).toBe(before);
  });

  it('moves known ?parameters into the fragment and keeps machine-bound ones out of links', () => {
    const bar = memoryAddressBar('?backend=wasm&other=1&seed=9#seed=2');
    const url = createUrlState(bar, options);
    expect(bar.entries).toEqual(['?other=1#seed=2&backend=wasm']);
    expect(url.get(backend)).toBe('wasm');
    expect(url.link()).toBe('https://latentarium.invalid/app/#seed=2');
  });

  it('goes on when the browser refuses the address', () => {
    const bar = memoryAddressBar();
    bar.push = () => {
      throw new DOMException('too many calls', 'SecurityError');
    };
    const url = createUrlState(bar, options);
    url.set(seed, 8, { push: true });
    expect(url.get(seed)).toBe(8);
  });
});
