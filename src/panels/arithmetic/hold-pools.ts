import { AppError } from '../../lib/errors';
import type { HoldTerm } from './hold';
import { conceptOf, type Library } from './library';
import type { ResolvedTerm } from './resolve';

/**
 * From where each group's exemplars are drawn: the concept that its faces are exemplars of. Groups
 * without a face are left out. Throws AppError 'hold-no-concept' for a group of samples or kept faces, and
 * for one of several concepts.
 */
export function holdTerms(terms: readonly ResolvedTerm[], library: Library): HoldTerm[] {
  return terms
    .filter(({ z }) => z.length > 0)
    .map(({ sign, name, slots, z }) => {
      const concepts = slots.flatMap((slot) =>
        slot?.face.kind === 'library' && slot.resolved.ok ? [slot.face.concept] : [],
      );
      const [first] = concepts;
      const concept = first === undefined ? undefined : conceptOf(library, first);
      if (!concept || concepts.some((one) => one !== first) || concepts.length < z.length) {
        throw new AppError({
          code: 'hold-no-concept',
          message: `The faces of “${name}” are not all exemplars of one concept, so there are no others to draw in their place.`,
          hint: 'Fill the group from one concept under Exemplars, then measure again.',
        });
      }
      const pool = { id: concept.id, label: concept.label, z: concept.z };
      return { sign, count: z.length, pool };
    });
}
