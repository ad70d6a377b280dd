import { describe, expect, it } from 'vitest';
import { layoutFigure, type FigureFace, type FigureLayout } from './figure';

const paper = [
  { sign: 1 as const, name: 'Smiling woman', count: 3 },
  { sign: -1 as const, name: 'Neutral woman', count: 3 },
  { sign: 1 as const, name: 'Neutral man', count: 3 },
];
const face = { width: 64, height: 64 };

function expectApart({ faces, faceWidth, faceHeight, width, height }: FigureLayout) {
  const overlap = (a: FigureFace, b: FigureFace) =>
    Math.abs(a.x - b.x) < faceWidth && Math.abs(a.y - b.y) < faceHeight;
  faces.forEach((one, at) => {
    expect(one.x).toBeGreaterThanOrEqual(0);
    expect(one.x + faceWidth).toBeLessThanOrEqual(width);
    expect(one.y + faceHeight).toBeLessThanOrEqual(height);
    for (const other of faces.slice(at + 1)) expect(overlap(one, other)).toBe(false);
  });
}

describe('the figure', () => {
  it('has three columns of three over their means, the signs between, and the nine', () => {
    const layout = layoutFigure(paper, face, 2);
    expectApart(layout);
    const of = (kind: string) => layout.faces.filter((one) => one.kind === kind);
    expect([of('exemplar').length, of('mean').length, of('result').length]).toEqual([9, 3, 9]);
    const mean = of('mean');
    expect(new Set(mean.map(({ y }) => y)).size).toBe(1);
    for (const exemplar of of('exemplar')) {
      expect(exemplar.x).toBe(mean[exemplar.term]?.x);
      expect(exemplar.y).toBeLessThan(mean[0]!.y);
    }
    expect(layout.texts.map(({ text }) => text)).toEqual([
      'Smiling woman',
      '−',
      'Neutral woman',
      '+',
      'Neutral man',
      '=',
    ]);
    expect(of('result').at(-1)?.y).toBe(mean[0]?.y);
    const signs = layout.texts.filter(({ text }) => text.length === 1);
    expect(signs[0]!.x).toBeGreaterThan(mean[0]!.x + layout.faceWidth);
    expect(signs[0]!.x).toBeLessThan(mean[1]!.x);
  });

  it('wraps sixteen exemplars, leaves empty groups out, and takes pictures of any shape', () => {
    const layout = layoutFigure(
      [
        { sign: -1, name: 'Many', count: 16 },
        { sign: 1, name: 'None', count: 0 },
        { sign: 1, name: 'One', count: 1 },
      ],
      { width: 32, height: 48 },
      1,
    );
    expectApart(layout);
    expect(layout.faces).toHaveLength(16 + 1 + 1 + 1 + 9);
    expect(layout.texts.map(({ text }) => text)).toEqual(['−', 'Many', '+', 'One', '=']);
  });

  it('stands with nothing but a result', () => {
    const layout = layoutFigure([], face, 1);
    expectApart(layout);
    expect(layout.faces).toHaveLength(9);
  });
});
