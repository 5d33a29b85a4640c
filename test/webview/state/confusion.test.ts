import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputFigures } from '../../../src/core/evaluation/evaluation';
import { confusionTable, MAX_SHOWN_CLASSES } from '../../../webview/state/confusion';

function figures(confusion: readonly (readonly number[])[]): OutputFigures {
  return { loss: 0, lossKind: 'ce', confusion };
}

test('a cell is a share of its class and knows its count on the other side', () => {
  const perClass = [
    { name: 'cat', correct: 3, samples: 4 },
    { name: 'dog', correct: 0, samples: 0 },
  ];
  const after = {
    ...figures([
      [3, 1],
      [0, 0],
    ]),
    perClass,
  };
  const before = figures([
    [4, 0],
    [0, 0],
  ]);
  assert.deepEqual(confusionTable(after, before), {
    names: ['cat', 'dog'],
    rows: [
      [
        { count: 3, otherCount: 4, share: 0.75, isRight: true },
        { count: 1, otherCount: 0, share: 0.25, isRight: false },
      ],
      [
        { count: 0, otherCount: 0, share: 0, isRight: false },
        { count: 0, otherCount: 0, share: 0, isRight: true },
      ],
    ],
    classCount: 2,
  });
});

test('of many classes those with the most mistakes are shown, the same ones on both sides', () => {
  const count = 50;
  // Class c is taken for class 0 on one side c times, so that the last classes have the most mistakes.
  const wrong = Array.from({ length: count }, (_, row) =>
    Array.from({ length: count }, (__, column) => (column === 0 ? row : 0)),
  );
  const right = wrong.map((row) => row.map(() => 0));
  const [before, after] = [figures(right), figures(wrong)];
  const shown = confusionTable(after, before);
  assert.equal(shown?.classCount, count);
  assert.deepEqual(
    shown.names,
    Array.from({ length: MAX_SHOWN_CLASSES }, (_, i) => String(count - MAX_SHOWN_CLASSES + i)),
  );
  assert.deepEqual(confusionTable(before, after)?.names, shown.names);
});

test('an output without classes has no matrix', () => {
  assert.equal(confusionTable({ loss: 1, lossKind: 'mse' }, null), null);
});
