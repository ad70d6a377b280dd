import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../../lib/errors';
import type { BackendName } from '../api';
import { describeError } from './backend';

/**
 * Makes a registered backend the current one, and makes sure that it is: `setBackend` may answer false
 * and leave a name in `getBackend` whose backend does not exist.
 *
 * Throws AppError `backend-refused`.
 */
export async function activateBackend(name: BackendName): Promise<void> {
  let cause: unknown;
  const accepted = await tf.setBackend(name).catch((error: unknown) => {
    cause = error;
    return false;
  });
  if (accepted && tf.getBackend() === name && tf.findBackend(name) !== null) return;
  dropBackend(name);
  throw new AppError(
    {
      code: 'backend-refused',
      message: `The ${name} backend could not be set up${cause === undefined ? '' : `: ${describeError(cause)}`}.`,
      hint: 'The engine tries the next one by itself. Pictures are the same on every backend, only slower on some.',
    },
    { cause },
  );
}

/** Removes a backend with all that lies on it; does nothing when it is not registered. */
export function dropBackend(name: BackendName): void {
  if (tf.findBackendFactory(name)) tf.removeBackend(name);
}

/** Registers the backend anew, which `removeBackend` undoes for good otherwise. */
export function registerAgain(name: BackendName, priority: number): void {
  const factory = tf.findBackendFactory(name) ?? factories.get(name);
  if (!factory) return;
  factories.set(name, factory);
  dropBackend(name);
  tf.registerBackend(name, factory, priority);
}

type Factory = ReturnType<typeof tf.findBackendFactory>;
const factories = new Map<BackendName, Factory>();
