import type { Sizes } from '../../src/core/report/report';
import { isRecipeSettled, type EvaluationPair, type PanelState } from './panelState';

/** The evaluation shown, and whether it is of the plan as it is seen. */
export interface ShownEvaluation extends EvaluationPair {
  readonly isStale: boolean;
}

/** The last evaluation, the prune's own included: the newest of both. */
export function selectEvaluation(state: PanelState): ShownEvaluation | null {
  const pruned = prunedEvaluation(state);
  const asked = state.evaluation;
  const newest = pruned && (asked?.revision ?? -1) <= pruned.revision ? pruned : asked;
  if (newest === null) return null;
  return { ...newest, isStale: !isOfThisPlan(state, newest.revision) };
}

/** Sizes measured on the plan as it is seen; null where none were. */
export function measuredSizes(state: PanelState): Sizes | null {
  const { result, evaluation } = state;
  if (result && isOfThisPlan(state, result.revision)) return result.result.report.sizes;
  if (evaluation && isOfThisPlan(state, evaluation.revision)) return evaluation.sizes;
  return null;
}

function isOfThisPlan(state: PanelState, revision: number): boolean {
  return isRecipeSettled(state) && state.recipe?.revision === revision;
}

function prunedEvaluation(
  state: PanelState,
): (EvaluationPair & { readonly revision: number }) | null {
  if (state.result === null) return null;
  const { report } = state.result.result;
  const { evaluation, comparison = null, sizes } = report;
  if (evaluation === undefined && comparison === null) return null;
  const { before = null, after = null } = evaluation ?? {};
  return { before, after, comparison, sizes, revision: state.result.revision };
}
