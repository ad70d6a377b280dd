import { describe, expect, it } from 'vitest';
import { GRID_GAP, largestCells, nextIndex } from './grid-math';

const square = { aspect: 1, minCell: 40 };

describe('largestCells', () => {
  it('fills a square room with a square grid', () => {
    const side = 4 * 100 + 3 * GRID_GAP;
    expect(largestCells({ ...square, width: side, height: side, count: 16 })).toEqual({
      columns: 4,
      cellWidth: 100,
    });
  });

  it('never needs more room than there is while the cells are large enough', () => {
    for (let count = 4; count <= 100; count++) {
      const { columns, cellWidth } = largestCells({ ...square, width: 900, height: 640, count });
      const rows = Math.ceil(count / columns);
      expect(columns * cellWidth + (columns - 1) * GRID_GAP).toBeLessThanOrEqual(900);
      expect(rows * cellWidth + (rows - 1) * GRID_GAP).toBeLessThanOrEqual(640);
    }
  });

  it('keeps the smallest cell and scrolls where the room is too low', () => {
    const { columns, cellWidth } = largestCells({ ...square, width: 340, height: 10, count: 100 });
    expect(cellWidth).toBeGreaterThanOrEqual(40);
    expect(columns).toBe(Math.floor((340 + GRID_GAP) / (40 + GRID_GAP)));
  });
});

describe('nextIndex', () => {
  it('moves by rows and stays inside', () => {
    expect(nextIndex('ArrowDown', 1, 4, 10)).toBe(5);
    expect(nextIndex('ArrowDown', 7, 4, 10)).toBe(7);
    expect(nextIndex('ArrowLeft', 0, 4, 10)).toBe(0);
    expect(nextIndex('PageDown', 1, 4, 10)).toBe(9);
    expect(nextIndex('PageUp', 9, 4, 10)).toBe(1);
    expect(nextIndex('End', 0, 4, 10)).toBe(9);
    expect(nextIndex('a', 0, 4, 10)).toBeNull();
  });
});
