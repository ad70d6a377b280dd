import { AppError } from '../lib/errors';
import { parseExemplars } from '../model/manifest';
import type { CurrentModel, Exemplar } from './session';

/**
 * Reads a model's library of named latents, once a model. Rejects with what the download or the parser
 * throws, or AppError `exemplars-other-model`.
 */
export function createExemplars(
  readText: (path: string) => Promise<string>,
): (model: CurrentModel, path: string | null) => Promise<Exemplar[]> {
  const known = new Map<string, Promise<Exemplar[]>>();

  async function read(model: CurrentModel, path: string): Promise<Exemplar[]> {
    const { modelHash, concepts } = parseExemplars(await readText(path), model.spec.latent.size);
    if (modelHash !== model.modelHash) throw otherModel(model, path);
    return Object.entries(concepts).flatMap(([conceptId, { label, z }]) =>
      z.map((numbers, index) => ({
        id: `${conceptId}/${String(index)}`,
        conceptId,
        label,
        z: Float32Array.from(numbers),
      })),
    );
  }

  return (model, path) => {
    if (path === null) return Promise.resolve([]);
    let exemplars = known.get(model.modelHash);
    if (!exemplars) {
      exemplars = read(model, path);
      known.set(model.modelHash, exemplars);
      exemplars.catch(() => known.delete(model.modelHash));
    }
    return exemplars;
  };
}

function otherModel(model: CurrentModel, path: string): AppError {
  return new AppError({
    code: 'exemplars-other-model',
    message: `${path} belongs to other weights than those of ${model.title}.`,
    hint: 'The same numbers mean other pictures there, so the examples are left out. The model itself works.',
  });
}
