import { uniform } from '../lib/rng';

/** Of the random numbers (lib/rng.ts). */
const ORDER_STREAM = 42;

/** 0 to count − 1 in an order that a seed decides (Fisher and Yates). */
export function shuffledOrder(count: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(uniform(seed, ORDER_STREAM, last) * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** Puts pieces of `length` bytes into the order of `order`, in place: piece i comes from place order[i]. */
export function reorderPieces(data: Uint8Array, length: number, order: Uint32Array): void {
  const done = new Uint8Array(order.length);
  for (let start = 0; start < order.length; start++) {
    if (done[start]) continue;
    // Along each cycle of the permutation one piece is put aside.
    const aside = data.slice(start * length, (start + 1) * length);
    let to = start;
    for (;;) {
      done[to] = 1;
      const from = order[to]!;
      if (from === start) break;
      data.copyWithin(to * length, from * length, (from + 1) * length);
      to = from;
    }
    data.set(aside, to * length);
  }
}
