import type { Engine, GenerateRequest, RgbaImages } from '../engine/api';
import { AppError } from '../lib/errors';
import { createLatestWins } from '../lib/latest-wins';
import type { UnitMask } from '../model/source';
import type { CurrentModel, Generator, RenderOptions } from './session';

/** The generator, and what the session must know of its work to change models safely. */
export interface GeneratorControl extends Generator {
  /** Resolves when no call that was made with this engine handle is still running. */
  whenIdle(handle: number): Promise<void>;
  /** Resolves when a first call with this engine handle has succeeded. */
  whenUsed(handle: number): Promise<void>;
}

type Latents = readonly Float32Array[];

/**
 * Runs the model that `current` gives at the time of each call, with the mask of `activeUnits` where the
 * call names none ({} for none).
 */
export function createGenerator(
  engine: Engine,
  current: () => CurrentModel | null,
  activeUnits: (model: CurrentModel) => UnitMask | undefined = () => undefined,
): GeneratorControl {
  const calls = createCallLog();

  async function run<T>(
    z: Latents,
    options: RenderOptions,
    call: (request: GenerateRequest, model: CurrentModel) => Promise<T>,
  ): Promise<T> {
    options.signal?.throwIfAborted();
    const model = current();
    if (model === null) throw noModel();
    const units = options.units ?? activeUnits(model);
    const request = createRequest(model, z, { ...options, ...(units && { units }) });
    return calls.during(model.handle, () => call(request, model));
  }

  const render: Generator['render'] = (z, options = {}) =>
    run(z, options, (request) => engine.render(request, options));

  return {
    render,
    generate: (z, options = {}) => run(z, options, (request) => engine.generate(request, options)),
    activations: (z, layer, options = {}) =>
      run(z, options, (request, model) => {
        checkLayer(model, layer);
        return engine.activations({ ...request, layer }, options);
      }),
    createPreview: () => createPreview(render),
    whenIdle: calls.whenIdle,
    whenUsed: calls.whenUsed,
  };
}

function createPreview(render: Generator['render']): ReturnType<Generator['createPreview']> {
  const latest = createLatestWins<{ z: Latents; options: RenderOptions }, RgbaImages>(
    ({ z, options }, ended) => {
      const signal = options.signal ? AbortSignal.any([options.signal, ended]) : ended;
      return render(z, { ...options, signal });
    },
  );
  return {
    render: (z, options = {}) => latest.run({ z, options }),
    dispose: () => {
      latest.dispose();
    },
  };
}

function createRequest(model: CurrentModel, z: Latents, options: RenderOptions): GenerateRequest {
  const { units, statistics, reference } = options;
  if (z.length === 0) {
    throw new AppError({
      code: 'latent-none',
      message: 'No latent vector was given, so there is nothing to draw.',
      hint: 'Give at least one z, as a list: [z].',
    });
  }
  return {
    handle: model.handle,
    z: packLatents(z, model),
    count: z.length,
    ...(units && { units }),
    ...(statistics && { statistics }),
    ...(reference && reference.length > 0 && { reference: packLatents(reference, model) }),
  };
}

/**
 * Latents one after the other, as the engine takes them. Throws AppError `latent-size` or
 * `latent-not-finite`, naming which of them.
 */
function packLatents(latents: Latents, { spec, title }: CurrentModel): Float32Array {
  const { size } = spec.latent;
  const packed = new Float32Array(latents.length * size);
  latents.forEach((z, index) => {
    if (z.length !== size) throw wrongSize(index, z.length, size, title);
    const bad = z.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw notFinite(index, bad, z[bad]);
    packed.set(z, index * size);
  });
  return packed;
}

function checkLayer({ layers, title }: CurrentModel, layer: string): void {
  if (layers.some(({ id }) => id === layer)) return;
  throw new AppError({
    code: 'layer-unknown',
    message: `${title} has no layer '${layer}'; it has ${layers.map(({ id }) => id).join(', ')}.`,
    hint: 'Layers are named as in the model’s file. Choose one of these.',
  });
}

/** Which handles are in use; a model is taken off the device only after its last call. */
function createCallLog() {
  const running = new Map<number, number>();
  const used = new Set<number>();
  const waiting: { handle: number; on: 'idle' | 'used'; resolve: () => void }[] = [];

  const isMet = ({ handle, on }: { handle: number; on: 'idle' | 'used' }): boolean =>
    on === 'idle' ? (running.get(handle) ?? 0) === 0 : used.has(handle);

  function settle(): void {
    for (const wait of waiting.filter(isMet)) {
      waiting.splice(waiting.indexOf(wait), 1);
      wait.resolve();
    }
  }

  function when(handle: number, on: 'idle' | 'used'): Promise<void> {
    return new Promise((resolve) => {
      waiting.push({ handle, on, resolve });
      settle();
    });
  }

  return {
    async during<T>(handle: number, call: () => Promise<T>): Promise<T> {
      running.set(handle, (running.get(handle) ?? 0) + 1);
      try {
        const result = await call();
        used.add(handle);
        return result;
      } finally {
        const left = (running.get(handle) ?? 1) - 1;
        if (left === 0) running.delete(handle);
        else running.set(handle, left);
        settle();
      }
    },
    whenIdle: (handle: number) => when(handle, 'idle'),
    whenUsed: (handle: number) => when(handle, 'used'),
  };
}

function noModel(): AppError {
  return new AppError({
    code: 'no-model',
    message: 'No model is open yet.',
    hint: 'Wait until the model is loaded, or open one.',
  });
}

function wrongSize(index: number, length: number, size: number, title: string): AppError {
  return new AppError({
    code: 'latent-size',
    message: `Latent ${String(index)} has ${String(length)} numbers; ${title} takes ${String(size)}.`,
    hint: 'It was made with another model, so it means nothing to this one. Open its model, or choose another latent.',
  });
}

function notFinite(index: number, at: number, value: number | undefined): AppError {
  return new AppError({
    code: 'latent-not-finite',
    message: `Latent ${String(index)} has the value ${String(value)} at position ${String(at)}.`,
    hint: 'A generator draws only from finite numbers. Look at how this latent was computed.',
  });
}
