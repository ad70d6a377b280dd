import { AppError } from '../lib/errors';
import { parseBoxSet, type BoxSet } from '../model/box-set';
import type { CurrentModel } from './session';

/**
 * Reads the boxes that ship with a model, once a model. Rejects with what the download or the parser
 * throws, or AppError `boxes-other-model`.
 */
export function createBoxSets(
  readText: (path: string) => Promise<string>,
): (model: CurrentModel, path: string) => Promise<BoxSet> {
  const known = new Map<string, Promise<BoxSet>>();

  async function read(model: CurrentModel, path: string): Promise<BoxSet> {
    const set = parseBoxSet(await readText(path), `The boxes of ${model.title} (${path})`);
    checkBoxModel(set, model);
    return set;
  }

  return (model, path) => {
    let set = known.get(model.modelHash);
    if (!set) {
      set = read(model, path);
      known.set(model.modelHash, set);
      set.catch(() => known.delete(model.modelHash));
    }
    return set;
  };
}

/** Throws AppError `boxes-other-model` where the boxes were drawn on another model's pictures. */
export function checkBoxModel(set: BoxSet, model: CurrentModel): void {
  if (set.modelHash === model.modelHash) return;
  throw new AppError({
    code: 'boxes-other-model',
    message: `These boxes were drawn on pictures of other weights than those of ${model.title}.`,
    hint: 'The same seed draws other pictures here, so the boxes would mark nothing. Draw new ones, or open their model.',
  });
}
