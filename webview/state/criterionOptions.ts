import {
  CRITERION_TRAITS,
  type Criterion,
  type CriterionOptions,
  UNIT_REDUCTIONS,
  type UnitReduction,
} from '../../src/core/criteria/criterion';
import type { Granularity } from '../../src/core/recipe/recipe';

type OptionName = keyof CriterionOptions;

const OWN_OPTIONS: Readonly<Partial<Record<Criterion, readonly OptionName[]>>> = {
  entropy: ['entropy'],
  obd: ['hessian'],
  obs: ['extent', 'damping'],
  'least-squares': ['damping'],
  sparsegpt: ['damping', 'blockSize'],
  stability: ['sigma'],
};

/** The options that do something for a criterion at a granularity. */
export function optionsFor(criterion: Criterion, granularity: Granularity): readonly OptionName[] {
  const own = OWN_OPTIONS[criterion] ?? [];
  return isReduced(criterion, granularity) ? [...own, 'reduction'] : own;
}

/** Scores of weights become those of what goes together. */
function isReduced(criterion: Criterion, granularity: Granularity): boolean {
  if (CRITERION_TRAITS[criterion].ranks === 'units') return false;
  return granularity.startsWith('unit') || granularity === 'head';
}

/** The reductions that a criterion has: only Taylor's are sums of signed terms. */
export function reductionsFor(criterion: Criterion): readonly UnitReduction[] {
  return UNIT_REDUCTIONS.filter((one) => one !== 'signed-sum' || criterion === 'taylor');
}
