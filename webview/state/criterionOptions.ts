import {
  type Criterion,
  type CriterionOptions,
  ranksOf,
  UNIT_REDUCTIONS,
  type UnitReduction,
} from '../../src/core/criteria/criterion';
import type { Granularity } from '../../src/core/recipe/recipe';

type OptionName = keyof CriterionOptions;

/** What is chosen in a recipe, as far as it says which options there are. */
interface Method {
  readonly criterion: Criterion;
  readonly granularity: Granularity;
  readonly options?: CriterionOptions;
}

const OWN_OPTIONS: Readonly<Partial<Record<Criterion, readonly OptionName[]>>> = {
  taylor: ['of'],
  'output-sensitivity': ['sensitivity'],
  entropy: ['entropy'],
  grasp: ['order'],
  obs: ['extent', 'damping'],
  'least-squares': ['damping'],
  sparsegpt: ['damping', 'blockSize'],
  stability: ['sigma'],
};

/** The options that do something for a criterion at a granularity, with what is chosen already. */
export function optionsFor(method: Method): readonly OptionName[] {
  const own = ownOptions(method);
  return isReduced(method) ? [...own, 'reduction'] : own;
}

function ownOptions({ criterion, options }: Method): readonly OptionName[] {
  if (criterion !== 'obd') return OWN_OPTIONS[criterion] ?? [];
  return options?.hessian === 'hutchinson' ? ['hessian', 'probes'] : ['hessian'];
}

/** Scores of weights, or of samples, become those of what goes together. */
function isReduced({ criterion, granularity, options }: Method): boolean {
  if (ranksOf(criterion, options) === 'units') return criterion === 'taylor';
  return granularity.startsWith('unit') || granularity === 'head';
}

/** The reductions that a criterion has: only Taylor's are sums of signed terms. */
export function reductionsFor({ criterion, options }: Method): readonly UnitReduction[] {
  if (criterion !== 'taylor') return UNIT_REDUCTIONS.filter((one) => one !== 'signed-sum');
  return options?.of === 'activations' ? ['sum', 'signed-sum'] : UNIT_REDUCTIONS;
}
