import { UnsupportedError } from '../../core/errors';
import type { ObservedValue } from '../../core/graph/executor';
import { type UnitActivation, UnitActivations } from '../../core/graph/unitActivation';
import { unitsOf } from '../../core/graph/unitsOf';
import type { UnitValues } from '../../core/kernels/unitTallyKernel';
import type { Model, TensorEntry } from '../../core/model/model';
import type { MakeObservers, WeightedObserver } from './activationPass';
import type { ScoringRun } from './scoringRun';

/** Sees what the units of a layer give in one place where its weight is used. */
export type UnitObserver = (values: UnitValues, weight: number, at: ObservedUnits) => void;

/** Of which layer, and in which place of a batch's graph. */
export interface ObservedUnits {
  readonly tensor: TensorEntry;
  readonly activation: UnitActivation;
}

/** Shows what the units of all tensors of a run give, each place of use by itself. */
export function observingUnits(run: ScoringRun, observer: UnitObserver): MakeObservers {
  return (graph, shapes) => {
    const activations = new UnitActivations(graph, shapes);
    const found = new Map<string, WeightedObserver>();
    for (const tensor of run.tensors) {
      const own = activations.of(tensor.name, unitCountOf(run.model, tensor));
      if (own.length === 0) throw withoutUnits(run.model, tensor, activations);
      for (const activation of own) {
        const { value } = activation;
        const see: WeightedObserver = (seen, weight) => {
          observer(unitValues(seen, activation), weight, { tensor, activation });
        };
        found.set(value, both(found.get(value), see));
      }
    }
    return found;
  };
}

/** Null where the layer does not tell. */
export function unitCountOf(model: Model, tensor: TensorEntry): number | null {
  const layer = model.layers.find(({ weight }) => weight === tensor.name);
  if (layer === undefined) return null;
  return unitsOf(layer, tensor, 'output')?.count ?? layer.unitCount;
}

function unitValues(
  { values, strides }: ObservedValue,
  { axis, unitCount }: UnitActivation,
): UnitValues {
  return { values, inner: strides[axis] ?? 1, unitCount };
}

/** Two observers of one value as one. */
export function both(
  first: WeightedObserver | undefined,
  second: WeightedObserver,
): WeightedObserver {
  if (first === undefined) return second;
  return (value, weight) => {
    first(value, weight);
    second(value, weight);
  };
}

/** The layer's name, which users know, for the tensor's. */
export function layerNameOf(model: Model, tensor: TensorEntry): string {
  return model.layers.find(({ weight }) => weight === tensor.name)?.name ?? tensor.name;
}

function withoutUnits(
  model: Model,
  tensor: TensorEntry,
  activations: UnitActivations,
): UnsupportedError {
  const operators = activations.operatorsUsing(tensor.name);
  return new UnsupportedError({
    feature: `activations of layer ${layerNameOf(model, tensor)}`,
    found:
      operators.length === 0
        ? 'a weight that the network does not use'
        : `a weight used by ${operators.join(', ')}, which gives no value along its units`,
    supported:
      'dense, convolution, recurrent and embedding layers; exclude this one, or take a criterion by the weights alone such as l2-norm',
  });
}
