import { afterEach, describe, expect, it } from 'vitest';
import { AppError, isAbort } from './errors';
import { createRpcClient, serveRpc } from './rpc';
import type { RpcHandlers, RpcProgress } from './rpc';

interface Api {
  double(argument: { data: Float32Array<ArrayBuffer> }): Float32Array<ArrayBuffer>;
  fail(argument: { how: 'app' | 'foreign' | 'abort' | 'function' }): void;
  wait(argument: void): string;
}

type News = { type: 'news'; text: string };

let aborted = 0;

const handlers: RpcHandlers<Api> = {
  double({ data }, { onProgress, transfer }) {
    onProgress({ fraction: 0.5, label: 'half way' });
    const result = data.map((x) => 2 * x);
    transfer(result.buffer);
    return result;
  },
  fail({ how }) {
    if (how === 'app') throw new AppError({ code: 'c', message: 'm', hint: 'h' });
    if (how === 'abort') throw new DOMException('overtaken', 'AbortError');
    if (how === 'function') return (() => 0) as unknown as undefined;
    throw new RangeError('foreign');
  },
  wait(_argument, { signal }) {
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        aborted += 1;
        reject(signal.reason as Error);
      });
    });
  },
};

function connect() {
  const { port1, port2 } = new MessageChannel();
  const server = serveRpc<Api, News>(port2, handlers);
  const client = createRpcClient<Api, News>(port1);
  close.push(() => port1.close());
  return { client, server, port1, port2 };
}

const close: (() => void)[] = [];
afterEach(() => {
  for (const end of close.splice(0)) end();
});

describe('rpc over a real MessageChannel', () => {
  it('answers, reports progress and hands buffers over', async () => {
    const { client } = connect();
    const data = Float32Array.of(1, 2);
    const seen: RpcProgress[] = [];
    const onProgress = (progress: RpcProgress) => seen.push(progress);
    const result = await client.call('double', { data }, { transfer: [data.buffer], onProgress });
    expect(result).toEqual(Float32Array.of(2, 4));
    expect(data.byteLength).toBe(0);
    expect(seen).toEqual([{ fraction: 0.5, label: 'half way' }]);
  });

  it('answers each of many calls with its own result', async () => {
    const { client } = connect();
    const all = [1, 2, 3, 4].map((n) => client.call('double', { data: Float32Array.of(n) }));
    expect((await Promise.all(all)).map((one) => one[0])).toEqual([2, 4, 6, 8]);
  });

  it('carries AppErrors whole, and foreign errors as unexpected', async () => {
    const { client } = connect();
    await expect(client.call('fail', { how: 'app' })).rejects.toMatchObject({
      code: 'c',
      message: 'm',
      hint: 'h',
    });
    await expect(client.call('fail', { how: 'foreign' })).rejects.toMatchObject({
      code: 'unexpected',
      message: 'foreign',
    });
  });

  it('tells an overtaken call from a failed one', async () => {
    const { client } = connect();
    const reason: unknown = await client.call('fail', { how: 'abort' }).catch((e: unknown) => e);
    expect(isAbort(reason)).toBe(true);
  });

  it('rejects what cannot be cloned, on either side', async () => {
    const { client } = connect();
    await expect(client.call('fail', { how: 'function' })).rejects.toBeInstanceOf(AppError);
    const argument = { how: () => 0 } as unknown as { how: 'app' };
    await expect(client.call('fail', argument)).rejects.toThrow('could not be cloned');
  });

  it('cancels: rejects at once with the reason and aborts the handler', async () => {
    const { client } = connect();
    const controller = new AbortController();
    const before = aborted;
    const call = client.call('wait', undefined, { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(new Error('changed my mind'));
    await expect(call).rejects.toThrow('changed my mind');
    await expect.poll(() => aborted).toBe(before + 1);
    await expect(client.call('wait', undefined, { signal: controller.signal })).rejects.toThrow(
      'changed my mind',
    );
  });

  it('refuses methods that are not handlers of its own', async () => {
    const { client } = connect();
    const odd = client as unknown as { call(method: string, argument: unknown): Promise<unknown> };
    await expect(odd.call('toString', 0)).rejects.toMatchObject({ code: 'rpc-unknown-method' });
  });

  it('delivers events until one stops listening, and ignores foreign messages', async () => {
    const { client, server, port2 } = connect();
    const seen: string[] = [];
    const stop = client.onEvent((event) => seen.push(event.text));
    port2.postMessage('not ours');
    server.emit({ type: 'news', text: 'a' });
    await expect.poll(() => seen).toEqual(['a']);
    stop();
    server.emit({ type: 'news', text: 'b' });
    await client.call('double', { data: Float32Array.of(1) });
    expect(seen).toEqual(['a']);
  });

  it('rejects pending and later calls when it is disposed', async () => {
    const { client } = connect();
    const call = client.call('wait', undefined);
    client.dispose();
    await expect(call).rejects.toMatchObject({ code: 'rpc-closed' });
    await expect(client.call('wait', undefined)).rejects.toMatchObject({ code: 'rpc-closed' });
  });

  it('rejects what is pending when the worker cannot start, and only then', async () => {
    const silent = new MessageChannel();
    const lost = createRpcClient<Api>(silent.port1);
    const call = lost.call('wait', undefined);
    const strayError = () => Object.assign(new Event('error'), { message: 'script missing' });
    silent.port1.dispatchEvent(strayError());
    await expect(call).rejects.toMatchObject({ code: 'worker-failed' });
    await expect(call).rejects.toThrow('script missing');
    silent.port1.close();

    const { client, port1 } = connect();
    await client.call('double', { data: Float32Array.of(1) });
    port1.dispatchEvent(strayError());
    expect(await client.call('double', { data: Float32Array.of(1) })).toEqual(Float32Array.of(2));
  });
});
