/**
 * Digits as a hand might write them, drawn from random numbers alone: which shape, how wide, how slanted,
 * with how thick a pen, and a tremor in every point. Pure numbers, no canvas, so that a seed gives the
 * same digits wherever it is drawn.
 */
import { normal, uniform } from '../lib/rng';
import type { ImageSet } from '../model/image-set';
import { DIGIT_SHAPES, type DigitShape, type StrokePoint } from './digit-strokes';

/** Of the random numbers (lib/rng.ts): draws for digits never repeat those for orders. */
const SHAPE_STREAM = 40;
const TREMOR_STREAM = 41;
/** Straight pieces that a curve between two points is drawn by. */
const PIECES = 7;
/** Height of a digit as a share of the picture's: MNIST's digits have 20 of 28 pixels. */
const HEIGHT = 0.74;

export interface DigitsRequest {
  count: number;
  /** Height and width in pixels. */
  size: number;
  /** With 3, grey is written to each. */
  channels: 1 | 3;
  /** Whole number from 0 to 2⁵³ − 1. */
  seed: number;
  /** Number of the first: digit `first + i` is the same in whatever set it is drawn. */
  first?: number;
}

/** The digit that number `index` of every seed shows: 0, 1, … 9, 0, …, so that classes are balanced. */
export function digitAt(index: number): number {
  return index % 10;
}

/** White digits on black, in the order of `digitAt`. */
export function drawDigits({ count, size, channels, seed, first = 0 }: DigitsRequest): ImageSet {
  const data = new Uint8Array(count * size * size * channels);
  for (let index = 0; index < count; index++) {
    const grey = drawDigit(first + index, size, seed);
    const offset = index * size * size * channels;
    for (let i = 0; i < grey.length; i++) {
      for (let c = 0; c < channels; c++) data[offset + i * channels + c] = grey[i]!;
    }
  }
  return { count, size, channels, data };
}

/** One digit: size × size bytes, 0 background, 255 ink. */
export function drawDigit(index: number, size: number, seed: number): Uint8Array {
  const hand = createHand(index, seed);
  const shape = hand.pick(DIGIT_SHAPES[digitAt(index)]!);
  const strokes = shape.strokes.map((stroke) => flatten(tremble(stroke, hand)));
  const place = placing(strokes, size, hand);
  const ink = new Float32Array(size * size);
  for (const stroke of strokes) drawStroke(ink, size, stroke.map(place), pen(size, hand));
  const dark = 235 + 20 * hand.share();
  return Uint8Array.from(ink, (cover) => Math.round(cover * dark));
}

interface Point {
  x: number;
  y: number;
}

/** The random choices of one digit, in the order in which they are asked for. */
interface Hand {
  /** U(0, 1). */
  share(): number;
  between(low: number, high: number): number;
  /** N(0, 1). */
  bell(): number;
  pick(shapes: readonly DigitShape[]): DigitShape;
  /** Thickness of the pen, chosen once for all strokes. */
  readonly width: number;
}

function createHand(index: number, seed: number): Hand {
  let shares = 0;
  let bells = 0;
  const share = (): number => uniform(seed, SHAPE_STREAM, index, shares++);
  const width = 0.075 + 0.085 * share() ** 1.5;
  return {
    width,
    share,
    between: (low, high) => low + (high - low) * share(),
    bell: () => normal(seed, TREMOR_STREAM, index, bells++),
    pick(shapes) {
      let left = share() * shapes.reduce((sum, { weight }) => sum + weight, 0);
      return shapes.find(({ weight }) => (left -= weight) < 0) ?? shapes[0]!;
    },
  };
}

const TREMOR = 0.022;

/** Every point a little beside its place, and the whole stroke too. */
function tremble(stroke: readonly StrokePoint[], hand: Hand): StrokePoint[] {
  const shift = { x: 0.012 * hand.bell(), y: 0.012 * hand.bell() };
  return stroke.map(({ x, y, corner }) => ({
    x: x + shift.x + TREMOR * hand.bell(),
    y: y + shift.y + TREMOR * hand.bell(),
    corner,
  }));
}

/** The curve as a chain of short straight pieces: Catmull-Rom splines between corners. */
function flatten(stroke: readonly StrokePoint[]): Point[] {
  const chain: Point[] = [stroke[0]!];
  for (let i = 0; i + 1 < stroke.length; i++) {
    const from = stroke[i]!;
    const to = stroke[i + 1]!;
    // At ends and corners the curve is taken to go straight on.
    const before = i === 0 || from.corner ? mirrored(to, from) : stroke[i - 1]!;
    const after = i + 2 >= stroke.length || to.corner ? mirrored(from, to) : stroke[i + 2]!;
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      chain.push({
        x: catmullRom(before.x, from.x, to.x, after.x, t),
        y: catmullRom(before.y, from.y, to.y, after.y, t),
      });
    }
  }
  return chain;
}

function mirrored(point: Point, centre: Point): Point {
  return { x: 2 * centre.x - point.x, y: 2 * centre.y - point.y };
}

function catmullRom(a: number, b: number, c: number, d: number, t: number): number {
  const slopes = (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2;
  return b + 0.5 * (slopes + (3 * (b - c) + d - a) * t ** 3);
}

/** Slant, turn, stretch and bend of the whole digit, which is then centred; from hundredths to pixels. */
function placing(strokes: readonly Point[][], size: number, hand: Hand): (point: Point) => Point {
  const height = size * HEIGHT * hand.between(0.84, 1.1);
  const stretch = hand.between(0.78, 1.22);
  const slant = 0.12 + 0.17 * hand.bell();
  const angle = 0.07 * hand.bell();
  const bend = 0.12 * hand.bell();
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const bent = ({ x, y }: Point): Point => {
    const up = 0.5 - y;
    const across = stretch * (x - 0.3) + clamp(slant, 0.5) * up + bend * (up * up - 0.08);
    return { x: across * cos + up * sin, y: across * sin - up * cos };
  };
  const all = strokes.flat().map(bent);
  const [left, right] = extremes(all.map(({ x }) => x));
  const [top, bottom] = extremes(all.map(({ y }) => y));
  // Wide ones are made to fit: ink at the border would be cut.
  const room = (size * 0.96 - hand.width * size * HEIGHT) / Math.max(right - left, bottom - top);
  const scale = Math.min(height, room);
  const middle = {
    x: size / 2 + 0.015 * size * hand.bell(),
    y: size / 2 + 0.015 * size * hand.bell(),
  };
  return (point) => {
    const { x, y } = bent(point);
    return {
      x: middle.x + scale * (x - (left + right) / 2),
      y: middle.y + scale * (y - (top + bottom) / 2),
    };
  };
}

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}

function extremes(values: readonly number[]): [low: number, high: number] {
  return [Math.min(...values), Math.max(...values)];
}

/** The pen's radius in pixels at a share of the stroke: pressure comes and goes. */
function pen(size: number, hand: Hand): (share: number) => number {
  const radius = (hand.width * size * HEIGHT) / 2;
  const phase = 2 * Math.PI * hand.share();
  const waves = hand.between(2, 7);
  const depth = hand.between(0, 0.22);
  return (share) => radius * (1 + depth * Math.sin(phase + waves * share));
}

/** Covers what lies within the pen's radius of the chain; edges are one pixel soft. */
function drawStroke(
  ink: Float32Array,
  size: number,
  chain: readonly Point[],
  radiusAt: (share: number) => number,
): void {
  for (let i = 0; i + 1 < chain.length; i++) {
    drawPiece(ink, size, chain[i]!, chain[i + 1]!, radiusAt(i / chain.length));
  }
}

function drawPiece(ink: Float32Array, size: number, a: Point, b: Point, radius: number): void {
  const reach = radius + 1;
  const [low, high] = extremes([a.y, b.y]);
  const [left, right] = extremes([a.x, b.x]);
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const squared = dx * dx + dy * dy || 1e-9;
  const firstX = Math.max(0, Math.floor(left - reach));
  const lastX = Math.min(size - 1, Math.ceil(right + reach));
  const lastY = Math.min(size - 1, Math.ceil(high + reach));
  for (let y = Math.max(0, Math.floor(low - reach)); y <= lastY; y++) {
    for (let x = firstX; x <= lastX; x++) {
      const [px, py] = [x + 0.5 - a.x, y + 0.5 - a.y];
      const along = Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
      const distance = Math.hypot(px - along * dx, py - along * dy);
      const cover = Math.min(1, Math.max(0, radius - distance + 0.5));
      const at = y * size + x;
      if (cover > ink[at]!) ink[at] = cover;
    }
  }
}
