/** The Turn side as vectors: a direction from one group to another, and faces moved along it. */
import { moveAlong, norm } from '../../core/latent';
import { fitLine, meanOf } from '../../core/statistics';
import type { JudgeOutput } from '../../model/spec';
import { computeDirection } from '../../session/arithmetic';
import { meanReading, type Reading } from './reading';
import type { ResolvedTerm } from './resolve';

/** Rows of five steps, as in the paper's figure 8. */
export const STEPS = 5;

/** Places of the groups on the Turn side. */
export const FROM = 0;
export const TO = 1;
export const FACES = 2;

/** From the mean of the first group to the mean of the second; null while one is empty. */
export function directionOf(terms: readonly ResolvedTerm[], size: number): Float32Array | null {
  const from = terms[FROM]?.z ?? [];
  const to = terms[TO]?.z ?? [];
  return from.length > 0 && to.length > 0 ? computeDirection(from, to, size) : null;
}

/** −reach to reach in five equal steps; 0 is the face itself. */
export function stepsOf(reach: number): number[] {
  return Array.from({ length: STEPS }, (_, at) => reach * ((2 * at) / (STEPS - 1) - 1));
}

/** Faces × steps, row by row. */
export function rowsOf(
  faces: readonly Float32Array[],
  direction: Float32Array,
  reach: number,
): Float32Array[] {
  return faces.flatMap((z) => stepsOf(reach).map((step) => moveAlong(z, direction, step)));
}

/** A face looking straight at the viewer has no use for a direction that is zero. */
export function isNoDirection(direction: Float32Array): boolean {
  return norm(direction) < 1e-6;
}

type OutputName = JudgeOutput['name'];

/** What the two groups differ in most, of what the judge knows; the turn counts by 45°. */
export function mainDifference(
  from: readonly Reading[],
  to: readonly Reading[],
): OutputName | null {
  const a = meanReading(from);
  const b = meanReading(to);
  let best: { name: OutputName; by: number } | null = null;
  for (const name of Object.keys(a) as OutputName[]) {
    const unit = name === 'yawDegrees' ? 45 : 1;
    const by = Math.abs((b[name] ?? 0) - (a[name] ?? 0)) / unit;
    if (!best || by > best.by) best = { name, by };
  }
  return best?.name ?? null;
}

export interface TurnMeasure {
  /** The judge's number, faces × steps; NaN where it has not looked yet. */
  rows: number[][];
  /** Over the faces, by step. */
  mean: number[];
  /** Of a straight line through all faces' changes: by a step of 1. */
  slope: number;
  correlation: number;
}

export function measureTurn(
  readings: readonly (Reading | null)[],
  name: OutputName,
  reach: number,
): TurnMeasure {
  const values = readings.map((reading) => reading?.[name] ?? NaN);
  const count = Math.floor(values.length / STEPS);
  const rows = Array.from({ length: count }, (_, row) =>
    values.slice(row * STEPS, (row + 1) * STEPS),
  );
  const steps = stepsOf(reach);
  const mean = steps.map((_, at) => meanOf(rows.map((row) => row[at] ?? NaN)));
  const x = rows.flatMap(() => steps);
  // Where a face starts from is not the direction's doing.
  const moved = rows.flatMap((row) => row.map((value) => value - meanOf(row)));
  const { slope, correlation } = fitLine(x, moved);
  return { rows, mean, slope, correlation };
}
