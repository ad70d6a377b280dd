import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  accuracy,
  areaUnderCurve,
  fitLogisticRegression,
  logisticScores,
} from './logistic-regression';

interface Golden {
  features: number[];
  labels: number[];
  weights: number[];
  bias: number;
  accuracy: number;
  auc: number;
}

const golden = JSON.parse(
  readFileSync('e2e/fixtures/goldens/logistic-regression.json', 'utf8'),
) as Golden;
const features = Float32Array.from(golden.features);
const labels = Uint8Array.from(golden.labels);

describe('fitLogisticRegression', () => {
  it('finds the weights that scikit-learn finds', () => {
    const fit = fitLogisticRegression(features, labels);
    expect(fit.converged).toBe(true);
    golden.weights.forEach((weight, j) => expect(fit.weights[j]).toBeCloseTo(weight, 4));
    expect(fit.bias).toBeCloseTo(golden.bias, 4);
    const score = logisticScores(features, fit);
    expect(accuracy(score, labels)).toBeCloseTo(golden.accuracy, 10);
    expect(areaUnderCurve(score, labels)).toBeCloseTo(golden.auc, 10);
  });

  it('converges on separable data and on a constant feature', () => {
    const fit = fitLogisticRegression(Float32Array.of(-1, 0, -2, 0, 1, 0, 2, 0), labelsOf('0011'));
    expect(fit.converged).toBe(true);
    expect(fit.weights[0]).toBeGreaterThan(0.5);
    expect(fit.weights[1]).toBeCloseTo(0, 10);
  });

  it('refuses a single class', () => {
    expect(() => fitLogisticRegression(Float32Array.of(1, 2), labelsOf('11'))).toThrow(RangeError);
  });
});

describe('areaUnderCurve', () => {
  it('counts ties as half', () => {
    expect(areaUnderCurve(Float64Array.of(0, 0, 1, 1), labelsOf('0101'))).toBe(0.5);
    expect(areaUnderCurve(Float64Array.of(0, 1, 2, 3), labelsOf('0011'))).toBe(1);
  });
});

function labelsOf(text: string): Uint8Array {
  return Uint8Array.from(text, Number);
}
