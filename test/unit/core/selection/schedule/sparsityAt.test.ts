import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCHEDULE_KINDS, type ScheduleKind } from '../../../../../src/core/recipe/recipe';
import { sparsityAt } from '../../../../../src/core/selection/schedule/sparsityAt';

/**
 * Five steps to 0.9, from the schedulers of torch 2.13.0 (torch.optim.lr_scheduler), as what is gone:
 * 0.9 less PolynomialLR of 0.9 with power 1 and 3, 0.9 less CosineAnnealingLR of 0.9, 1 less ExponentialLR of
 * 1 with gamma 0.1 ** (1 / 5).
 */
const FROM_TORCH: Readonly<Record<ScheduleKind, readonly number[]>> = {
  linear: [0.17999999999999994, 0.36, 0.54, 0.72, 0.9],
  agp: [0.4391999999999999, 0.7056, 0.8424, 0.8928, 0.9],
  cosine: [0.08594235253127369, 0.31094235253127367, 0.5890576474687264, 0.8140576474687263, 0.9],
  exponential: [
    0.36904265551980675, 0.6018928294465027, 0.748811356849042, 0.8415106807538887, 0.9,
  ],
};

for (const kind of SCHEDULE_KINDS) {
  test(`${kind} goes through the numbers of the scheduler of torch of that form`, () => {
    const found = FROM_TORCH[kind].map((_, i) => sparsityAt({ kind, steps: 5 }, i + 1, 0.9));
    found.forEach((sparsity, i) => {
      assert.ok(Math.abs(sparsity - FROM_TORCH[kind][i]!) <= 1e-12, `step ${i + 1}: ${sparsity}`);
    });
  });

  test(`${kind} never falls, begins at 0 and ends at exactly the final sparsity`, () => {
    for (const final of [0, 1e-9, 0.3, 0.5, 0.95, 1]) {
      for (const steps of [1, 2, 7, 100]) {
        const all = Array.from({ length: steps + 1 }, (_, i) =>
          sparsityAt({ kind, steps }, i, final),
        );
        assert.equal(all[0], 0);
        assert.equal(all.at(-1), final);
        for (let i = 1; i <= steps; i++) assert.ok(all[i]! >= all[i - 1]!, `${final}, step ${i}`);
      }
    }
  });
}
