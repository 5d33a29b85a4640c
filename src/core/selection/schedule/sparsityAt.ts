import type { Schedule, ScheduleKind } from '../../recipe/recipe';

/**
 * The sparsity after a step of a schedule that begins at 0, with t = step / steps:
 *
 * - `linear`: s t.
 * - `agp`: s - s (1 - t)^3. Source: Zhu and Gupta, To prune, or not to prune, 2017, with one pruning a step.
 * - `cosine`: s (1 - cos(pi t)) / 2.
 * - `exponential`: 1 - (1 - s)^t, each step keeps the same share of what is left.
 *
 * After the last step it is exactly the final one.
 * @param step from 0 to the schedule's steps
 * @param final s, 0 to 1
 */
export function sparsityAt({ kind, steps }: Schedule, step: number, final: number): number {
  if (step >= steps) return final;
  if (step <= 0) return 0;
  return final * shareOf(kind, step / steps, final);
}

/** How much of the way to the final sparsity is made at t. */
function shareOf(kind: ScheduleKind, t: number, final: number): number {
  switch (kind) {
    case 'linear':
      return t;
    case 'agp':
      return 1 - (1 - t) ** 3;
    case 'cosine':
      return (1 - Math.cos(Math.PI * t)) / 2;
    case 'exponential':
      return final === 0 ? 0 : (1 - (1 - final) ** t) / final;
  }
}
