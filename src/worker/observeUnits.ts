import { unitMapOf } from '../core/model/elementOrder';
import type { Model, TensorEntry } from '../core/model/model';
import { type ConstantUnits, ConstantUnitFinder } from '../core/statistics/constantUnits';
import type { StatisticsOptions } from '../core/statistics/readTensorStatistics';

/** Fewer weights a unit may well be equal by chance, above all when they are few bits each. */
const LEAST_WEIGHTS_A_UNIT = 4;

/** Looks for constant units in the weights of a model while their values stream by. */
export interface UnitObserver {
  readonly onValues: NonNullable<StatisticsOptions['onValues']>;
  /** What was found in a tensor, once; null where it has no known units. */
  take(tensor: TensorEntry): ConstantUnits | null;
}

/** Watches the weights whose layer says, or is guessed to say, on which axis its units lie. */
export function observeUnits(model: Model): UnitObserver {
  const axes = new Map<string, number>();
  for (const { weight, unitAxis } of model.layers) {
    if (weight !== undefined && unitAxis !== null) axes.set(weight, unitAxis);
  }
  const finders = new Map<TensorEntry, ConstantUnitFinder>();
  const finderOf = (tensor: TensorEntry): ConstantUnitFinder | null => {
    const axis = axes.get(tensor.name);
    const known = finders.get(tensor);
    if (known !== undefined || axis === undefined || !hasUnits(tensor, axis)) return known ?? null;
    const finder = new ConstantUnitFinder(unitMapOf(tensor, axis));
    finders.set(tensor, finder);
    return finder;
  };
  return {
    onValues: (tensor, values, firstElement) => finderOf(tensor)?.add(values, firstElement),
    take: (tensor) => {
      const found = finders.get(tensor)?.result() ?? null;
      finders.delete(tensor);
      return found;
    },
  };
}

/** Codes are left out: equal codes are a matter of their resolution. */
function hasUnits(
  { shape, elementCount, affine, quantization }: TensorEntry,
  axis: number,
): boolean {
  const unitCount = shape[axis] ?? 0;
  if (affine !== undefined || quantization !== undefined || unitCount === 0) return false;
  return elementCount / unitCount >= LEAST_WEIGHTS_A_UNIT;
}
