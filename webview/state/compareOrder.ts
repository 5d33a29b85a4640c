import type { Criterion } from '../../src/core/criteria/criterion';
import type { SweepOrder } from '../../src/protocol/hostWebview';
import type { CompareForm } from './compareForm';
import { missingNeed } from './criterionNeeds';
import type { PanelState } from './panelState';

/** One of each family that costs little. */
const FIRST_CRITERIA: readonly Criterion[] = ['magnitude', 'lamp', 'wanda', 'taylor'];

/** More points than this do not make a curve clearer. */
export const MAX_LEVELS = 50;

/** Half a percent: finer steps than that are no other plan. */
const ROUND = 1e4;

/** The criteria to compare, those that cannot be used left out. */
export function comparedCriteria(state: PanelState): readonly Criterion[] {
  const chosen = state.view.compare.criteria ?? FIRST_CRITERIA;
  return chosen.filter((criterion) => missingNeed(state, criterion) === null);
}

/** A criterion taken in or left out. */
export function withCompared(
  state: PanelState,
  criterion: Criterion,
  isCompared: boolean,
): CompareForm {
  const others = comparedCriteria(state).filter((one) => one !== criterion);
  return { ...state.view.compare, criteria: isCompared ? [...others, criterion] : others };
}

/** The sparsities that a form means, rising; at most {@link MAX_LEVELS}. */
export function comparedSparsities({ from, to, step }: CompareForm): readonly number[] {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const count = step > 0 ? Math.floor((high - low) / step + 1e-6) + 1 : 1;
  return Array.from({ length: Math.min(count, MAX_LEVELS) }, (_, index) => {
    return Math.round((low + index * step) * ROUND) / ROUND;
  });
}

/** What the worker is asked to compare. */
export function compareOrder(state: PanelState): SweepOrder {
  const { compare } = state.view;
  return {
    methods: comparedCriteria(state).map((criterion) => ({ criterion })),
    sparsities: comparedSparsities(compare),
    bounds: compare.bounds,
  };
}
