import type { Tensor } from '@tensorflow/tfjs-core';
import type { Backend } from './backends/backend';

/**
 * A tensor's numbers; disposes it. Rejects when the device is lost: reading from a lost WebGL context
 * would never end.
 */
export async function takeData(
  tensor: Tensor,
  { lost }: Pick<Backend, 'lost'>,
): Promise<Float32Array<ArrayBuffer>> {
  const gone = whenLost(lost);
  try {
    const data = await Promise.race([tensor.data<'float32'>(), gone.promise]);
    return data as Float32Array<ArrayBuffer>;
  } finally {
    gone.forget();
    tensor.dispose();
  }
}

/** A promise that rejects when the device is lost, and the way to stop waiting for that. */
function whenLost(lost: AbortSignal): { promise: Promise<never>; forget: () => void } {
  let forget = (): void => undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(new Error(String(lost.reason)));
    if (lost.aborted) fail();
    lost.addEventListener('abort', fail);
    forget = () => lost.removeEventListener('abort', fail);
  });
  return { promise, forget };
}
