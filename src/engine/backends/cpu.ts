import { stockLinear } from '../layers/linear';
import { activateBackend, dropBackend, registerAgain } from './activate';
import { createStockTrainOps, neverLost, type Backend, type Finding } from './backend';

/** Plain JavaScript runs everywhere, at a hundredth of the speed. */
export function probeCpu(): Finding {
  return {
    available: true,
    adapter: 'JavaScript',
    software: true,
    reason: 'Plain JavaScript is the last resort: everything else is faster.',
  };
}

/** Sets up the plain JavaScript backend. Throws AppError `backend-refused`. */
export async function openCpu(): Promise<Backend> {
  await import('@tensorflow/tfjs-backend-cpu');
  registerAgain('cpu', 1);
  await activateBackend('cpu');
  return {
    name: 'cpu',
    createLinear: stockLinear('cpu'),
    createTrainOps: createStockTrainOps,
    adapter: 'JavaScript',
    software: true,
    lost: neverLost,
    canBeLost: false,
    isGone: () => false,
    takeFault: () => null,
    lose: () => false,
    ownBytes: () => 0,
    pooledBytes: () => 0,
    trimPool: () => undefined,
    close: () => dropBackend('cpu'),
  };
}
