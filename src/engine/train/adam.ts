import { ADAM_BETA2, ADAM_EPSILON } from '../../model/training';
import { replace, type TrainNetwork } from './network';
import type { AdamStep, TrainOps } from './ops';
import type { Gradients } from './pass';

/** One step of torch.optim.Adam for every weight of a network. */
export function applyAdam(
  ops: TrainOps,
  network: TrainNetwork,
  gradients: Gradients,
  { rate, beta1 }: { rate: number; beta1: number },
): void {
  network.updates += 1;
  const step = adamStep(rate, beta1, network.updates);
  for (const weight of network.weights) {
    const gradient = gradients.get(weight);
    if (!gradient) throw new TypeError(`weight '${weight.name}' has no gradient`);
    const { value, first, second } = ops.adam(weight, gradient, step);
    weight.value = replace(weight.value, value);
    weight.first = replace(weight.first, first);
    weight.second = replace(weight.second, second);
  }
}

/** Both bias corrections, folded into rate and ε. */
function adamStep(rate: number, beta1: number, updates: number): AdamStep {
  const correction = Math.sqrt(1 - ADAM_BETA2 ** updates);
  return {
    rate: (rate * correction) / (1 - beta1 ** updates),
    ...{ beta1, beta2: ADAM_BETA2 },
    epsilon: ADAM_EPSILON * correction,
  };
}
