/**
 * `window.latentarium`: everything that a panel does, for scripts, lecturers and tests. It is the same
 * session that the panels use. docs/console.md has an example of each.
 */
import { normalizeBox, type Box } from '../core/boxes';
import { sampleLatents } from '../core/latent';
import { pathFrames } from '../core/path';
import { AppError } from '../lib/errors';
import { computeArithmetic, computeDirection } from './arithmetic';
import { createConsoleTrain } from './console-train';
import type { ConsoleModel, LatentariumConsole, LatentLike } from './console-types';
import {
  checkFrames,
  checkKeyframes,
  checkSample,
  describeModel,
  joinImages,
  splitImages,
  toLatent,
} from './console-values';
import { fitBoxes } from './dissect';
import { measureBoxEffects, measureEffects } from './effects';
import { judgeImages } from './judge';
import { samplingOf } from './latents';
import { clearMask, maskOf, setMask } from './mask';
import { seedParam } from './params';
import type { CurrentModel, ModelState, Session } from './session';
import { pngDataUrl } from './thumbnail';

export type { LatentariumConsole } from './console-types';

declare global {
  interface Window {
    latentarium: LatentariumConsole;
  }
}

export interface ConsoleSurroundings {
  /** Needs a canvas, which is not everywhere. */
  makeThumbnail: typeof pngDataUrl;
}

/** The console API of a session. */
export function createConsole(
  session: Session,
  { makeThumbnail }: ConsoleSurroundings = { makeThumbnail: pngDataUrl },
): LatentariumConsole {
  const { models, generator, url, shelf } = session;

  function current(): CurrentModel {
    const model = models.store.getState().current;
    if (model) return model;
    throw new AppError({
      code: 'no-model',
      message: 'No model is open yet.',
      hint: 'Wait for it: await latentarium.ready.',
    });
  }

  const wholeBoxes = (boxes: readonly Box[]) =>
    boxes.map((box) => normalizeBox(box, current().spec.output));

  async function keep(z: LatentLike, options: { label?: string; tags?: string[] } = {}) {
    const { modelHash } = current();
    const latent = toLatent(z);
    const thumbnail = await makeThumbnail(await generator.render([latent]), 0);
    return shelf.add({
      kind: 'latent',
      modelHash,
      data: { z: Array.from(latent), thumbnail },
      ...options,
    });
  }

  return {
    ready: whenReady(session),
    device() {
      const report = session.device.getState().report;
      if (!report) return null;
      const { backend, adapter, software, candidates } = report;
      return { backend, adapter, software, candidates };
    },
    models: () =>
      models.store.getState().entries.map(({ id, title, latent, image }) => {
        const { height, width, channels } = image;
        return { id, title, zSize: latent.size, height, width, channels };
      }),
    open: async (source) => describeModel(await models.open(source)),
    sample(n, options = {}) {
      checkSample(n, options);
      const { seed = url.get(seedParam), ...chosen } = options;
      return sampleLatents(n, { ...samplingOf(current(), url), seed, ...chosen });
    },
    async generate(z, options = {}) {
      const { range } = current().spec.output;
      const images = await generator.generate(z.map(toLatent), options);
      return splitImages(images, range);
    },
    async activations(z, layer, options = {}) {
      const { height, width, filters, data } = await generator.activations(
        [toLatent(z)],
        layer,
        options,
      );
      return { height, width, filters, data };
    },
    judge: async (images) => judgeImages(session, joinImages(images, current().spec.output.range)),
    mask: {
      set: (units) => setMask(session, units),
      get: () => maskOf(url, current()),
      clear: () => clearMask(session),
    },
    dissect: {
      fit: async (samples, boxes, layer, options = {}) =>
        fitBoxes(session, samples.map(toLatent), wholeBoxes(boxes), layer, options),
      effect: async (samples, boxes, layer) =>
        measureBoxEffects(session, samples.map(toLatent), wholeBoxes(boxes), layer),
    },
    effect: async (layer, options = {}) => (await measureEffects(session, layer, options)).values,
    walk(keyframes, options = {}) {
      const { frames = 24, mode = 'lerp', closed = false, easing = 'linear' } = options;
      checkFrames(frames);
      const latents = checkKeyframes(keyframes);
      return pathFrames(latents, { framesPerSegment: frames, mode, closed, easing });
    },
    arithmetic: (request) => computeArithmetic(request, current().spec.latent),
    direction: (a, b) => computeDirection(a, b, current().spec.latent.size),
    shelf: {
      add: keep,
      list: () => shelf.store.getState().items,
      remove: (...ids) => {
        shelf.remove(ids);
      },
      clear: () => {
        shelf.clear();
      },
      export: () => shelf.exportJson(),
      import: (json) => shelf.importJson(json),
    },
    datasets: session.datasets,
    train: createConsoleTrain(session),
    memory: () => session.memory(),
  };
}

/** Puts the console API on the page. */
export function installConsole(session: Session): void {
  window.latentarium = createConsole(session);
}

function whenReady({ models }: Session): Promise<ConsoleModel> {
  const ready = new Promise<ConsoleModel>((resolve, reject) => {
    const settle = ({ current, status, error }: ModelState): boolean => {
      if (current) resolve(describeModel(current));
      else if (status === 'failed' && error) reject(new AppError(error));
      else return false;
      return true;
    };
    if (settle(models.store.getState())) return;
    const stop = models.store.subscribe((state) => {
      if (settle(state)) stop();
    });
  });
  // Whoever awaits it sees the failure; a page on which nobody does must not report it as unhandled.
  ready.catch(() => undefined);
  return ready;
}
