import { describe, expect, it } from 'vitest';
import { createLatestWins } from './latest-wins';

/** Tasks that finish when they are told to. */
function manualTasks() {
  const started: { request: number; finish: (result: string) => void; signal: AbortSignal }[] = [];
  const task = (request: number, signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      started.push({ request, finish: resolve, signal });
      signal.addEventListener('abort', () => reject(new DOMException('ended', 'AbortError')));
    });
  return { started, task };
}

describe('createLatestWins', () => {
  it('runs one, keeps the newest waiting and drops those between', async () => {
    const { started, task } = manualTasks();
    const latest = createLatestWins(task);
    const [first, second, third] = [latest.run(1), latest.run(2), latest.run(3)];
    expect(await second).toBeNull();
    expect(started.map((one) => one.request)).toEqual([1]);
    started[0]?.finish('one');
    expect(await first).toBe('one');
    await Promise.resolve();
    started[1]?.finish('three');
    expect(await third).toBe('three');
    expect(started.map((one) => one.request)).toEqual([1, 3]);
  });

  it('starts again after it was idle, and after an error', async () => {
    const latest = createLatestWins((n: number) =>
      n < 0 ? Promise.reject(new Error('negative')) : Promise.resolve(n * 2),
    );
    await expect(latest.run(-1)).rejects.toThrow('negative');
    expect(await latest.run(4)).toBe(8);
  });

  it('ends everything on dispose', async () => {
    const { started, task } = manualTasks();
    const latest = createLatestWins(task);
    const both = [latest.run(1), latest.run(2)];
    latest.dispose();
    expect(await Promise.all(both)).toEqual([null, null]);
    expect(started[0]?.signal.aborted).toBe(true);
    expect(await latest.run(3)).toBeNull();
    expect(started.length).toBe(1);
  });
});
