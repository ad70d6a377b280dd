/** How the Forget side chooses filters: in which order, and how many. */
import {
  chooseAbove,
  chooseOfAll,
  chooseOfEach,
  type Chosen,
  type Scores,
} from '../../session/forgetting';
import type { CurrentModel } from '../../session/session';
import { mapLayers } from './layers';

/** What filters are chosen by: their regression weight, or their measured effect at the boxes. */
export type Order = 'weight' | 'effect';

/** How many filters are dropped. */
export type Rule =
  | { kind: 'threshold'; threshold: number }
  /** By weight of each layer, by effect of all layers together: effects are in one unit, weights are not. */
  | { kind: 'share'; share: number }
  /** Those that the bundled set names. */
  | { kind: 'point'; filters: Chosen };

/** Of the paper's section 6.3.1: every filter with a positive weight. */
export const PAPER: Rule = { kind: 'threshold', threshold: 0 };
/** Where choosing a share starts; docs/ablation.md has the curves. */
export const FIRST_SHARE: Record<Order, number> = { weight: 0.47, effect: 0.07 };

/** The filters of the rule, or as many others as controls. */
export type Choice = 'rule' | 'random' | 'lowest';

/** By weight the highest share of each layer, by effect of all together. */
export function shareOf(order: Order, scores: Scores, share: number): Chosen {
  return order === 'weight' ? chooseOfEach(scores, share) : chooseOfAll(scores, share);
}

/** The filters of a rule. */
export function chooseBy(rule: Rule, order: Order, scores: Scores): Chosen {
  if (rule.kind === 'point') return rule.filters;
  return rule.kind === 'threshold'
    ? chooseAbove(scores, rule.threshold)
    : shareOf(order, scores, rule.share);
}

/** Number of filters of each layer that makes maps, by id. */
export function layerSizes(model: CurrentModel): Record<string, number> {
  return Object.fromEntries(mapLayers(model).map(({ id, channels }) => [id, channels]));
}
