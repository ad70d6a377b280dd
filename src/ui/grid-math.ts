export interface GridRoom {
  width: number;
  height: number;
  count: number;
  /** Width of a cell by its height. */
  aspect: number;
  minCell: number;
  columns?: number | undefined;
}

/** Between cells, in CSS pixels; thumb-grid.module.css has the same. */
export const GRID_GAP = 4;

/** The number of columns that makes the cells largest without scrolling; whole pixels. */
export function largestCells(room: GridRoom): { columns: number; cellWidth: number } {
  const { width, height, count, aspect, minCell } = room;
  const widest = (columns: number) => Math.floor((width - GRID_GAP * (columns - 1)) / columns);
  if (room.columns !== undefined) {
    return { columns: room.columns, cellWidth: Math.max(minCell, widest(room.columns)) };
  }
  let best = { columns: 1, cellWidth: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tallest = Math.floor(((height - GRID_GAP * (rows - 1)) / rows) * aspect);
    const cellWidth = Math.min(widest(columns), tallest);
    if (cellWidth > best.cellWidth) best = { columns, cellWidth };
  }
  if (best.cellWidth >= minCell) return best;
  const columns = Math.max(1, Math.floor((width + GRID_GAP) / (minCell + GRID_GAP)));
  return { columns, cellWidth: Math.max(minCell, widest(columns)) };
}

/** Where a key leads in a grid that is read row by row, or null when the key is not for it. */
export function nextIndex(
  key: string,
  index: number,
  columns: number,
  count: number,
): number | null {
  const moves: Record<string, number> = {
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index - columns,
    ArrowDown: index + columns,
    Home: 0,
    End: count - 1,
    PageUp: index % columns,
    PageDown: index + columns * Math.floor((count - 1 - index) / columns),
  };
  const next = moves[key];
  if (next === undefined) return null;
  return next >= 0 && next < count ? next : index;
}
