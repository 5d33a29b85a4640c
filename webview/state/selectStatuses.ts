import type { Recipe } from '../../src/core/recipe/recipe';
import type { ModelView } from '../../src/protocol/views';
import { layerStatuses, type LayerStatus } from '../prediction/layerStatus';
import { memoizeLast } from './memoize';

/** The status of every layer by name. Dragging a threshold leaves it as it is. */
export function selectStatuses(
  model: ModelView,
  { lock, exclude, only }: Recipe,
): ReadonlyMap<string, LayerStatus> {
  return statusMap(model, lock, exclude, only);
}

const statusMap = memoizeLast(
  (
    { layers }: ModelView,
    lock: readonly string[],
    exclude: readonly string[],
    only: readonly string[],
  ): ReadonlyMap<string, LayerStatus> => {
    const statuses = layerStatuses(layers, { lock, exclude, only });
    return new Map(layers.map(({ name }, index) => [name, statuses[index] ?? NEVER]));
  },
);

const NEVER: LayerStatus = { kind: 'never', reason: null };
