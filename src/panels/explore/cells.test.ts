import { expect, it } from 'vitest';
import { neighborCells, portableRef, resolveRef, sameNumbers, sampleCells } from './cells';

const source = { seed: 7, prior: 'normal', truncation: 1, size: 100 } as const;

it('sample i does not depend on how many there are', () => {
  const few = sampleCells(4, source);
  const many = sampleCells(100, source);
  few.forEach((cell, index) => expect(sameNumbers(cell.z, many[index]!.z)).toBe(true));
});

it('a reference leads back to the cell it came from, with and without the link', () => {
  const other = { ...source, seed: 1, prior: 'uniform', truncation: 0.5 } as const;
  for (const cell of sampleCells(4, source)) {
    expect(sameNumbers(resolveRef(cell.ref, source)!, cell.z)).toBe(true);
    expect(sameNumbers(resolveRef(cell.portable, other)!, cell.z)).toBe(true);
    expect(portableRef(cell.ref, source)).toEqual(cell.portable);
  }
});

it('an exact latent of another length is refused', () => {
  expect(resolveRef({ kind: 'exact', z: new Float32Array(3) }, source)).toBeNull();
});

it('neighbours start with the latent itself and stay within the radius', () => {
  const [first] = sampleCells(4, source);
  const cells = neighborCells(9, first!.z, first!.ref, 0.25, 1);
  expect(cells[0]!.z).toBe(first!.z);
  for (const cell of cells.slice(1)) {
    const largest = Math.max(...cell.z.map((value, i) => Math.abs(value - first!.z[i]!)));
    expect(largest).toBeGreaterThan(0.2);
    expect(largest).toBeLessThanOrEqual(0.2501);
  }
});
