import { describe, expect, it } from 'vitest';
import { createDisposer } from './disposer';

describe('createDisposer', () => {
  it('undoes in reverse order, once', () => {
    const done: string[] = [];
    const disposer = createDisposer();
    disposer.add(() => done.push('a'));
    const object = disposer.add({ dispose: () => void done.push('b') });
    expect(object).toHaveProperty('dispose');
    disposer.dispose();
    disposer.dispose();
    expect(done).toEqual(['b', 'a']);
    expect(disposer.disposed).toBe(true);
  });

  it('undoes at once what comes too late', () => {
    const done: string[] = [];
    const disposer = createDisposer();
    disposer.dispose();
    disposer.add(() => done.push('late'));
    expect(done).toEqual(['late']);
  });

  it('goes on after an error and throws it at the end', () => {
    const done: string[] = [];
    const disposer = createDisposer();
    disposer.add(() => done.push('a'));
    const fail = () => {
      throw new Error('first');
    };
    disposer.add(fail);
    expect(() => disposer.dispose()).toThrow('first');
    expect(done).toEqual(['a']);
    const twice = createDisposer();
    twice.add(fail);
    twice.add(fail);
    expect(() => twice.dispose()).toThrow(AggregateError);
  });
});
