import { expect, test } from 'vitest';
import { curvesCsv } from './curves';

test('a row for each step of the history and each measurement, in order; gaps are empty', () => {
  const history = {
    step: [1, 3],
    lossD: [1.25, NaN],
    lossG: [0.5, 0.75],
    real: [0.6, NaN],
    fake: [0.4, 0.123456789],
  };
  const measures = [
    { step: 0, slicedWasserstein: 50, diversity: 2 },
    { step: 3, slicedWasserstein: 25, diversity: 30 },
  ];
  expect(curvesCsv({ history, measures }).split('\n')).toEqual([
    'step,loss_d,loss_g,d_of_real,d_of_fake,sliced_wasserstein,diversity',
    '0,,,,,50,2',
    '1,1.25,0.5,0.6,0.4,,',
    '3,,0.75,,0.123457,25,30',
    '',
  ]);
});
