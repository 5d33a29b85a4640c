import assert from 'node:assert/strict';
import test from 'node:test';
import type { CutFigures, SweepResult } from '../../../../src/core/sweep/sweep';
import { sweepCsv } from '../../../../src/core/sweep/sweepCsv';

const figures: CutFigures = {
  metric: 'accuracy',
  value: 0.5,
  interval: { low: 0.25, high: 0.75 },
  loss: 1.5,
  lossInterval: { low: 1, high: 2 },
  accuracy: 0.5,
  correct: 2,
  difference: {
    measure: 'accuracy',
    difference: -0.25,
    interval: { low: -0.5, high: 0 },
    test: { method: 'mcnemar-exact', pValue: 1 },
  },
  zeros: 3,
  elementCount: 6,
};

const result: SweepResult = {
  metric: 'accuracy',
  samples: 4,
  engine: 'an engine',
  baseline: { accuracy: 0.75, correct: 3, loss: 1, intervals: { loss: { low: 1, high: 1 } } },
  criteria: [
    {
      criterion: 'entropy',
      granularity: 'unit',
      options: { entropy: 'active' },
      seeds: [
        {
          seed: 7,
          samples: 9,
          points: [{ ...figures, sparsity: 0.5, sizes: { raw: 80, packed: 40 } }],
        },
      ],
    },
    { criterion: 'taylor', granularity: 'weight', seeds: [], problem: 'no data' },
  ],
  bounds: {},
  best: null,
  bestOfEach: [],
};

test('a row a point, with as many cells as the head, and quotes doubled', () => {
  const [head, row, end, ...rest] = sweepCsv(result).split('\r\n');
  assert.deepEqual([end, rest], ['', []]);
  const options = '"{""entropy"":""active""}"';
  assert.ok(row!.startsWith(`entropy,unit,${options},7,9,0.5,3,6,accuracy,0.5,0.25,0.75,1.5,`));
  const cells = row!.replace(options, 'options').split(',');
  assert.equal(cells.length, head!.split(',').length);
  assert.equal(cells[head!.split(',').indexOf('rawBytes')], '80');
  assert.equal(cells[head!.split(',').indexOf('packedBytes')], '40');
  assert.equal(cells[head!.split(',').indexOf('pValue')], '1');
});
