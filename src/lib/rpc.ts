import { AppError, isAbort, toErrorReport } from './errors';
import type { ErrorReport } from './errors';

// Calls across a Worker or MessagePort: a typed request and its one answer, with progress on the way,
// cancellation by AbortSignal, transferables in both directions, errors as ErrorReports, and events
// that the serving side sends on its own. Requests run side by side; queueing is the handlers' matter.

/** What both a Worker, its global scope and a MessagePort offer. */
export interface RpcPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
  /** MessagePorts deliver nothing before it. */
  start?(): void;
}

export interface RpcProgress {
  /** 0 to 1. */
  fraction: number;
  /** What is going on, in words. */
  label: string;
}

/** An interface of functions with at most one argument: what crosses is cloned, so no methods or classes. */
export type RpcApi<Api> = { [K in keyof Api]: (argument: never) => unknown };

type Argument<F> = F extends (argument: infer A) => unknown ? A : never;
type Result<F> = F extends (argument: never) => infer R ? Awaited<R> : never;

export interface RpcCallOptions {
  /** Aborting rejects at once with the signal's reason and aborts the handler's own signal. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: RpcProgress) => void) | undefined;
  /** Buffers to hand over instead of copying; they are empty here afterwards. */
  transfer?: Transferable[] | undefined;
}

interface RpcContext {
  /** Aborts when the caller cancels. */
  signal: AbortSignal;
  onProgress: (progress: RpcProgress) => void;
  /** Marks buffers of the result to be handed over instead of copied. */
  transfer: (...items: Transferable[]) => void;
}

/** The serving side's functions: as in the Api, with the call's context beside the argument. */
export type RpcHandlers<Api> = {
  [K in keyof Api]: (
    argument: Argument<Api[K]>,
    context: RpcContext,
  ) => Result<Api[K]> | Promise<Result<Api[K]>>;
};

export interface RpcClient<Api, Sent> {
  /**
   * Runs a function of the other side. Rejects with the AppError that it threw, with the signal's
   * reason when aborted, with AppError `rpc-closed` after dispose or `worker-failed` when the worker could not start.
   */
  call<K extends keyof Api & string>(
    method: K,
    argument: Argument<Api[K]>,
    options?: RpcCallOptions,
  ): Promise<Result<Api[K]>>;
  /** Listens to what the serving side emits; returns the function that stops it. */
  onEvent(listener: (event: Sent) => void): () => void;
  /** Rejects what is pending. Does not end the worker: who made it terminates it. */
  dispose(): void;
}

export interface RpcServer<Sent> {
  emit(event: Sent, transfer?: Transferable[]): void;
  /** Stops listening and aborts what runs. */
  dispose(): void;
}

type Failure = { aborted: true } | { aborted: false; report: ErrorReport };

type Message =
  | { rpc: 'ready' }
  | { rpc: 'request'; id: number; method: string; argument: unknown; progress: boolean }
  | { rpc: 'cancel'; id: number }
  | { rpc: 'progress'; id: number; progress: RpcProgress }
  | { rpc: 'answer'; id: number; result: unknown }
  | { rpc: 'failure'; id: number; failure: Failure }
  | { rpc: 'event'; event: unknown };

interface Pending {
  resolve: (result: unknown) => void;
  reject: (reason: unknown) => void;
  onProgress: ((progress: RpcProgress) => void) | undefined;
}

/** The calling side. `port` is a Worker or a MessagePort. */
export function createRpcClient<Api extends RpcApi<Api>, Sent = never>(
  port: RpcPort,
): RpcClient<Api, Sent> {
  const pending = new Map<number, Pending>();
  const listeners = new Set<(event: Sent) => void>();
  let lastId = 0;
  let alive = false;
  let closed: AppError | null = null;

  const rejectAll = (error: AppError): void => {
    closed = error;
    const waiting = [...pending.values()];
    pending.clear();
    for (const call of waiting) call.reject(error);
  };
  const onMessage = (event: Event): void => {
    const message = readMessage(event);
    if (message) alive = true;
    if (message?.rpc === 'event') for (const listener of listeners) listener(message.event as Sent);
    else if (message) settle(pending, message);
  };
  // A worker that did come up catches its handlers' errors itself; what strays past them ends no call.
  const onError = (event: Event): void => {
    if (!alive) rejectAll(workerFailed(event));
  };
  port.addEventListener('message', onMessage);
  port.addEventListener('error', onError);
  port.start?.();

  return {
    call(method, argument, options = {}) {
      type Answer = Result<Api[typeof method]>;
      if (closed) return Promise.reject<Answer>(closed);
      lastId += 1;
      const request = { rpc: 'request', id: lastId, method, argument } as const;
      return startCall(port, pending, request, options) as Promise<Answer>;
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      port.removeEventListener('message', onMessage);
      port.removeEventListener('error', onError);
      listeners.clear();
      rejectAll(closedError());
    },
  };
}

function startCall(
  port: RpcPort,
  pending: Map<number, Pending>,
  request: { rpc: 'request'; id: number; method: string; argument: unknown },
  { signal, onProgress, transfer = [] }: RpcCallOptions,
): Promise<unknown> {
  if (signal?.aborted) return Promise.reject(signal.reason as Error);
  const { id } = request;
  const answer = new Promise<unknown>((resolve, reject) => {
    // What cannot be cloned throws here, rejects the promise and never leaves.
    port.postMessage({ ...request, progress: onProgress !== undefined }, transfer);
    pending.set(id, { resolve, reject, onProgress });
  });
  if (!signal) return answer;
  const cancel = (): void => {
    const call = pending.get(id);
    if (!call) return;
    pending.delete(id);
    post(port, { rpc: 'cancel', id });
    call.reject(signal.reason);
  };
  signal.addEventListener('abort', cancel, { once: true });
  return answer.finally(() => signal.removeEventListener('abort', cancel));
}

function settle(pending: Map<number, Pending>, message: Message): void {
  if (!('id' in message)) return;
  const call = pending.get(message.id);
  // Answers to cancelled calls come too late and are dropped.
  if (!call) return;
  if (message.rpc === 'progress') {
    call.onProgress?.(message.progress);
    return;
  }
  if (message.rpc !== 'answer' && message.rpc !== 'failure') return;
  pending.delete(message.id);
  if (message.rpc === 'answer') call.resolve(message.result);
  else if (message.failure.aborted) call.reject(new DOMException('Overtaken', 'AbortError'));
  else call.reject(new AppError(message.failure.report));
}

/** The serving side. `port` is a worker's `self` or a MessagePort; call it before anything is awaited. */
export function serveRpc<Api extends RpcApi<Api>, Sent = never>(
  port: RpcPort,
  handlers: RpcHandlers<Api>,
): RpcServer<Sent> {
  const running = new Map<number, AbortController>();
  const byName = handlers as Record<string, AnyHandler>;
  const onMessage = (event: Event): void => {
    const message = readMessage(event);
    if (message?.rpc === 'cancel') running.get(message.id)?.abort();
    if (message?.rpc === 'request') void answerRequest(port, byName, running, message);
  };
  port.addEventListener('message', onMessage);
  port.start?.();
  post(port, { rpc: 'ready' });
  return {
    emit: (event, transfer = []) => post(port, { rpc: 'event', event }, transfer),
    dispose() {
      port.removeEventListener('message', onMessage);
      for (const controller of running.values()) controller.abort();
    },
  };
}

type AnyHandler = (argument: unknown, context: RpcContext) => unknown;

async function answerRequest(
  port: RpcPort,
  handlers: Record<string, AnyHandler>,
  running: Map<number, AbortController>,
  { id, method, argument, progress: wanted }: Extract<Message, { rpc: 'request' }>,
): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  const transfer: Transferable[] = [];
  const context: RpcContext = {
    signal: controller.signal,
    onProgress: (progress) => {
      if (wanted && !controller.signal.aborted) post(port, { rpc: 'progress', id, progress });
    },
    transfer: (...items) => transfer.push(...items),
  };
  try {
    const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
    if (!handler) throw unknownMethod(method);
    const result = await handler(argument, context);
    if (!controller.signal.aborted) post(port, { rpc: 'answer', id, result }, transfer);
  } catch (error) {
    const failure: Failure = isAbort(error)
      ? { aborted: true }
      : { aborted: false, report: toErrorReport(error) };
    if (!controller.signal.aborted) post(port, { rpc: 'failure', id, failure });
  } finally {
    running.delete(id);
  }
}

function post(port: RpcPort, message: Message, transfer: Transferable[] = []): void {
  port.postMessage(message, transfer);
}

function readMessage(event: Event): Message | null {
  const { data } = event as MessageEvent<unknown>;
  const ours = typeof data === 'object' && data !== null && 'rpc' in data;
  return ours ? (data as Message) : null;
}

function unknownMethod(method: string): AppError {
  return new AppError({
    code: 'rpc-unknown-method',
    message: `The worker has no function '${method}'.`,
    hint: 'Page and worker are of different versions. Reload the page; what you kept is still on the shelf.',
  });
}

function closedError(): AppError {
  return new AppError({
    code: 'rpc-closed',
    message: 'The worker was shut down while it was being asked.',
    hint: 'This happens when the page is being left or restarted. Reload the page to go on.',
  });
}

function workerFailed(event: Event): AppError {
  const { message } = event as Partial<ErrorEvent>;
  const detail = message ? `: ${message}` : '';
  return new AppError({
    code: 'worker-failed',
    message: `A background worker of the page could not start${detail}.`,
    hint: 'Reload the page; what you kept is still on the shelf. If it stays so, the site may be incomplete or your connection blocks it.',
  });
}
