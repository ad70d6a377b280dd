/** Which pictures of a set are trained on, and which only measured against. */

/** A tenth of the set … */
const SHARE = 0.1;
/** … within these bounds … */
const [FEWEST, MOST] = [16, 512];
/** … and nothing of sets so small that the fewest would be a fifth or more: all of it is needed to learn from. */
const TOO_FEW = 80;

/**
 * Pictures that are never trained on: the last ones of the (shuffled) set. 0 for small sets, whose fakes
 * are measured against what they were trained on: then a good figure may also mean that it was learnt by heart.
 */
export function heldOutCount(count: number): number {
  if (count < TOO_FEW) return 0;
  return Math.min(MOST, Math.max(FEWEST, Math.round(SHARE * count)));
}
