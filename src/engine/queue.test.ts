import { describe, expect, it } from 'vitest';
import { createTaskQueue, nextMacrotask } from './queue';

describe('task queue', () => {
  it('runs one task at a time, in order, past failures', async () => {
    const queue = createTaskQueue();
    const log: string[] = [];
    const task = (name: string) => async () => {
      log.push(`${name} begins`);
      await nextMacrotask();
      log.push(`${name} ends`);
      if (name === 'a') throw new Error('no');
      return name;
    };
    const a = queue.run(task('a'));
    const b = queue.run(task('b'));
    await expect(a).rejects.toThrow('no');
    expect(await b).toBe('b');
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('skips a task that was aborted while it waited', async () => {
    const queue = createTaskQueue();
    const controller = new AbortController();
    let ran = false;
    const first = queue.run(nextMacrotask);
    const second = queue.run(() => {
      ran = true;
      return Promise.resolve();
    }, controller.signal);
    controller.abort();
    await first;
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    expect(ran).toBe(false);
  });
});
