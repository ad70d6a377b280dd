/**
 * The paper's figure 7 as boxes: a column of exemplars for each group with its mean underneath, the signs
 * between the means, and after the equals sign the 3×3 with the result in its centre. Whole pixels only,
 * so that every face in the file is exactly the face on the screen, enlarged by a whole factor.
 */
import type { Sign } from './equation';

export interface FigureTerm {
  sign: Sign;
  name: string;
  /** Exemplars that are there. */
  count: number;
}

export interface FigureFace {
  kind: 'exemplar' | 'mean' | 'result';
  /** Of 'exemplar' and 'mean'. */
  term: number;
  /** Which exemplar, or which of the nine, row by row; 4 is the result itself. */
  index: number;
  x: number;
  y: number;
}

export interface FigureText {
  text: string;
  x: number;
  /** Of the middle of the line. */
  y: number;
  size: number;
  /** Widest it may become; longer text is drawn narrower. */
  maxWidth: number;
}

export interface FigureLayout {
  width: number;
  height: number;
  /** Of one face, after scaling. */
  faceWidth: number;
  faceHeight: number;
  faces: FigureFace[];
  texts: FigureText[];
}

/** Exemplars stand four high, then a group gets another column. */
const MAX_ROWS = 4;

interface Metrics {
  faceWidth: number;
  faceHeight: number;
  gap: number;
  margin: number;
  text: number;
}

/** `face` is one picture in pixels; `scale` a whole factor. Groups without a face get no column. */
export function layoutFigure(
  terms: readonly FigureTerm[],
  face: { width: number; height: number },
  scale: number,
): FigureLayout {
  const faceWidth = face.width * scale;
  const faceHeight = face.height * scale;
  const text = Math.max(11, Math.round(faceHeight / 8));
  const gap = Math.max(2, Math.round(faceHeight / 32));
  const metrics: Metrics = { faceWidth, faceHeight, gap, margin: text * 2, text };
  const shown = terms.flatMap((term, index) => (term.count > 0 ? [{ ...term, index }] : []));
  const rows = Math.max(1, ...shown.map(({ count }) => Math.min(count, MAX_ROWS)));
  const meanTop = metrics.margin + rows * (faceHeight + gap) + text;
  const bottom = Math.max(meanTop + faceHeight, metrics.margin + 3 * faceHeight + 2 * gap);
  const layout: FigureLayout = {
    width: 0,
    height: bottom + text * 2 + metrics.margin,
    faceWidth,
    faceHeight,
    faces: [],
    texts: [],
  };
  let x = metrics.margin;
  shown.forEach((term, at) => {
    if (at > 0 || term.sign === -1) x = putSign(layout, term.sign, x, meanTop, metrics);
    x = putGroup(layout, term, x, meanTop, metrics);
  });
  x = putEquals(layout, x, meanTop, metrics);
  layout.width = putResult(layout, x, bottom, metrics) + metrics.margin;
  return layout;
}

function putSign(layout: FigureLayout, sign: Sign, x: number, meanTop: number, m: Metrics): number {
  const width = m.text * 3;
  layout.texts.push({
    text: sign === 1 ? '+' : '−',
    x: x + width / 2,
    y: meanTop + m.faceHeight / 2,
    size: m.text * 2,
    maxWidth: width,
  });
  return x + width;
}

function putGroup(
  layout: FigureLayout,
  term: FigureTerm & { index: number },
  x: number,
  meanTop: number,
  m: Metrics,
): number {
  const columns = Math.ceil(term.count / MAX_ROWS);
  const rows = Math.min(term.count, MAX_ROWS);
  const inner = columns * m.faceWidth + (columns - 1) * m.gap;
  const width = Math.max(inner, m.text * 8);
  const left = x + Math.floor((width - inner) / 2);
  const top = meanTop - m.text - rows * (m.faceHeight + m.gap) + m.gap;
  for (let index = 0; index < term.count; index++) {
    layout.faces.push({
      kind: 'exemplar',
      term: term.index,
      index,
      x: left + Math.floor(index / rows) * (m.faceWidth + m.gap),
      y: top + (index % rows) * (m.faceHeight + m.gap),
    });
  }
  const meanX = x + Math.floor((width - m.faceWidth) / 2);
  layout.faces.push({ kind: 'mean', term: term.index, index: 0, x: meanX, y: meanTop });
  layout.texts.push({
    text: term.name,
    x: x + width / 2,
    y: meanTop + m.faceHeight + m.text * 1.25,
    size: m.text,
    maxWidth: width,
  });
  return x + width;
}

function putEquals(layout: FigureLayout, x: number, meanTop: number, m: Metrics): number {
  const width = m.text * 4;
  const y = meanTop + m.faceHeight / 2;
  layout.texts.push({ text: '=', x: x + width / 2, y, size: m.text * 2, maxWidth: width });
  return x + width;
}

/** Its last row stands on the line of the means. */
function putResult(layout: FigureLayout, x: number, bottom: number, m: Metrics): number {
  const top = bottom - 3 * m.faceHeight - 2 * m.gap;
  for (let index = 0; index < 9; index++) {
    layout.faces.push({
      kind: 'result',
      term: -1,
      index,
      x: x + (index % 3) * (m.faceWidth + m.gap),
      y: top + Math.floor(index / 3) * (m.faceHeight + m.gap),
    });
  }
  return x + 3 * m.faceWidth + 2 * m.gap;
}
