import type { Recipe } from '../../src/core/recipe/recipe';
import type { LeftEnd } from '../../src/core/report/plan';
import { parseGranularity } from '../../src/core/selection/granularity';
import { namesLayer } from '../../src/core/selection/namesLayer';
import type { ModelView } from '../../src/protocol/views';
import { layerStatuses, type LayerRules, type LayerStatus } from '../prediction/layerStatus';
import { memoizeLast } from './memoize';
import type { PanelState } from './panelState';

/** The status of every layer by name. Dragging a threshold leaves it as it is. */
export function selectStatuses(
  model: ModelView,
  recipe: Recipe,
  plan: PanelState['plan'],
): ReadonlyMap<string, LayerStatus> {
  const { lock, exclude, only, granularity, layers } = recipe;
  const ends = leftEnds(plan?.plan.leftEnds ?? NO_ENDS, granularity, only, layers);
  return statusMap(model, rulesOf(lock, exclude, only), ends);
}

/**
 * The ends that the last plan left out, as far as the recipe still would: until it is planned anew, its layers
 * do not change to and fro.
 */
const leftEnds = memoizeLast(
  (
    ends: readonly LeftEnd[],
    granularity: Recipe['granularity'],
    only: Recipe['only'],
    layers: Recipe['layers'],
  ): readonly LeftEnd[] => {
    if (parseGranularity(granularity)?.kind !== 'unit') return NO_ENDS;
    return ends.filter(({ layer }) => !namesLayer({ only }, layers[layer] ?? {}));
  },
);

const rulesOf = memoizeLast(
  (lock: Recipe['lock'], exclude: Recipe['exclude'], only: Recipe['only']): LayerRules => {
    return { lock, exclude, only };
  },
);

const statusMap = memoizeLast(
  (
    { layers }: ModelView,
    rules: LayerRules,
    ends: readonly LeftEnd[],
  ): ReadonlyMap<string, LayerStatus> => {
    const statuses = layerStatuses(layers, rules, ends);
    return new Map(layers.map(({ name }, index) => [name, statuses[index] ?? NEVER]));
  },
);

const NEVER: LayerStatus = { kind: 'never', reason: null };
const NO_ENDS: readonly LeftEnd[] = [];
