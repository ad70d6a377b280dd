import { AppError } from '../../lib/errors';

/** Blocks of bytes in a range of addresses: first fit, and neighbors that are free become one. */
export interface Heap {
  /** Address of a free block, a multiple of 64; null when none is large enough. */
  allocate(bytes: number): number | null;
  free(address: number): void;
  /** Makes the range longer, up to `end`. */
  extend(end: number): void;
  usedBytes(): number;
}

interface Span {
  start: number;
  end: number;
}

const ALIGNMENT = 64;

export function createHeap(start: number, end: number): Heap {
  const free: Span[] = [{ start: align(start), end }];
  const used = new Map<number, number>();
  return {
    allocate(bytes) {
      const size = align(Math.max(1, bytes));
      const span = free.find((candidate) => candidate.end - candidate.start >= size);
      if (!span) return null;
      const address = span.start;
      span.start += size;
      if (span.start >= span.end) free.splice(free.indexOf(span), 1);
      used.set(address, size);
      return address;
    },
    free(address) {
      const size = used.get(address);
      if (size === undefined) return;
      used.delete(address);
      release(free, { start: address, end: address + size });
    },
    extend(newEnd) {
      const last = free.reduce((high, span) => Math.max(high, span.end), 0);
      if (newEnd <= end) return;
      if (last === end) release(free, { start: end, end: newEnd });
      else free.push({ start: end, end: newEnd });
      end = newEnd;
    },
    usedBytes: () => [...used.values()].reduce((sum, size) => sum + size, 0),
  };
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function release(free: Span[], span: Span): void {
  const after = free.findIndex((other) => other.start > span.start);
  const at = after < 0 ? free.length : after;
  free.splice(at, 0, span);
  const next = free[at + 1];
  if (next && next.start === span.end) {
    span.end = next.end;
    free.splice(at + 1, 1);
  }
  const previous = free[at - 1];
  if (previous && previous.end === span.start) {
    previous.end = span.end;
    free.splice(at, 1);
  }
}

/** For a memory that cannot grow any further. */
export function outOfMemory(bytes: number): AppError {
  return new AppError({
    code: 'out-of-memory',
    message: `There is no room for another ${(bytes / 2 ** 20).toFixed(1)} MB in WebAssembly's memory.`,
    hint: 'Draw fewer pictures at once, or close models that you do not need.',
  });
}
