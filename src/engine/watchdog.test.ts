import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWatchdog } from './watchdog';

describe('watchdog', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('barks when work is pending and nothing answers', async () => {
    const onStall = vi.fn();
    const watchdog = createWatchdog(1200, onStall, () => new Promise(() => undefined));
    void watchdog.during(new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(1200);
    expect(onStall).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it('keeps quiet while answers come, however long the work takes', async () => {
    const onStall = vi.fn();
    const ping = vi.fn(() => Promise.resolve());
    const watchdog = createWatchdog(1200, onStall, ping);
    void watchdog.during(new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ping.mock.calls.length).toBeGreaterThan(20);
    expect(onStall).not.toHaveBeenCalled();
  });

  it('asks nothing when nobody waits', async () => {
    const ping = vi.fn(() => Promise.resolve());
    const watchdog = createWatchdog(1200, vi.fn(), ping);
    expect(await watchdog.during(Promise.resolve(7))).toBe(7);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ping).not.toHaveBeenCalled();
  });

  it('barks sooner where all that is pending is known to be short', async () => {
    const onStall = vi.fn();
    const watchdog = createWatchdog(12_000, onStall, () => new Promise(() => undefined));
    void watchdog.during(new Promise(() => undefined), 1200);
    await vi.advanceTimersByTimeAsync(1200);
    expect(onStall).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it('waits as long as the longest of all that is pending may take, and never longer than usual', async () => {
    const onStall = vi.fn();
    const watchdog = createWatchdog(12_000, onStall, () => new Promise(() => undefined));
    void watchdog.during(new Promise(() => undefined), 1200);
    let answer = (): void => undefined;
    const long = watchdog.during(new Promise<void>((resolve) => (answer = resolve)), 1e9);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(onStall).not.toHaveBeenCalled();
    answer();
    await long;
    await vi.advanceTimersByTimeAsync(1400);
    expect(onStall).toHaveBeenCalledTimes(1);
    void watchdog.during(new Promise(() => undefined), 1e9);
    await vi.advanceTimersByTimeAsync(13_100);
    expect(onStall).toHaveBeenCalledTimes(2);
  });
});
