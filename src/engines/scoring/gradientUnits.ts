import { ActivationTaylor, type DifferentiatedUnits } from '../../core/criteria/activationTaylor';
import { UnsupportedError } from '../../core/errors';
import type { ActivationGradient, DenseArray } from '../../core/graph/executor';
import type { Graph } from '../../core/graph/graph';
import { inferShapes } from '../../core/graph/inferShapes';
import { productOf } from '../../core/graph/shapes/valueFacts';
import { type UnitActivation, UnitActivations } from '../../core/graph/unitActivation';
import type { TensorEntry } from '../../core/model/model';
import { labelledBatches } from './gradientBatches';
import type { ScoredArray, ScoringRun } from './scoringRun';
import { layerNameOf, unitCountOf } from './unitObservers';

/** What the units of each tensor's layer give, wherever it is used. */
type UnitPlaces = ReadonlyMap<string, readonly UnitActivation[]>;

/** Of the units of each layer the mean over samples of |a dl_n/da|, or the absolute of the mean; one pass. */
export async function* activationTaylorScores(run: ScoringRun): AsyncGenerator<ScoredArray> {
  const found = new Map<string, ActivationTaylor>();
  const places = new PlacesOfShapes(run);
  for await (const { inputs, objective } of labelledBatches(run)) {
    const units = places.of(inputs.map(({ shape }) => shape));
    const activations = [...units.values()].flat().map(({ value }) => value);
    const request = { inputs, objective, activations: [...new Set(activations)] };
    const gradients = await run.executor.gradients(request, run.control.signal);
    for (const [name, own] of units) {
      const [first] = own;
      const taylor = found.get(name) ?? new ActivationTaylor(first?.unitCount ?? 0);
      found.set(name, taylor);
      taylor.add(own.map((place) => unitsOfPlace(place, gradients.activations, inputs)));
    }
  }
  const { reduction } = run.request.options;
  for (const { name } of run.tensors) {
    const values = found.get(name)?.score(run.dataset.sampleCount, reduction);
    if (values !== undefined) yield { name, shape: [values.length], values };
  }
}

/** Where graphs are lowered for the shapes of a batch, ids of values are those of the graph so lowered. */
class PlacesOfShapes {
  private readonly known = new Map<string, UnitPlaces>();

  constructor(private readonly run: ScoringRun) {}

  of(inputShapes: readonly (readonly number[])[]): UnitPlaces {
    const key = JSON.stringify(inputShapes);
    const places = this.known.get(key) ?? this.find(inputShapes);
    this.known.set(key, places);
    return places;
  }

  private find(inputShapes: readonly (readonly number[])[]): UnitPlaces {
    const { model, graph: declared, tensors } = this.run;
    const graph = model.lowerGraph?.(inputShapes) ?? declared;
    const shapes = inferShapes(graph, model.tensors, inputShapes);
    const activations = new UnitActivations(graph, shapes);
    const made = valuesOf(graph);
    return new Map(
      tensors.map((tensor) => {
        const own = activations.of(tensor.name, unitCountOf(model, tensor));
        const isRead = own.length > 0 && own.every(({ value }) => made.has(value));
        if (!isRead) throw this.withoutUnits(tensor);
        return [tensor.name, own];
      }),
    );
  }

  private withoutUnits(tensor: TensorEntry): UnsupportedError {
    return new UnsupportedError({
      feature: `the gradient of what the units of layer ${layerNameOf(this.run.model, tensor)} give`,
      found: 'no value along its units that the network reads',
      supported: 'layers whose units give one; exclude this one, or let taylor look at weights',
    });
  }
}

function valuesOf({ nodes }: Graph): ReadonlySet<string> {
  return new Set(nodes.flatMap(({ outputs }) => outputs.filter((value) => value !== null)));
}

function unitsOfPlace(
  { value, axis, unitCount }: UnitActivation,
  gradients: ReadonlyMap<string, ActivationGradient>,
  inputs: readonly DenseArray[],
): DifferentiatedUnits {
  const found = gradients.get(value);
  if (found === undefined) throw new Error(`value ${value} has no gradient`);
  const { shape, values } = found.value;
  const samples = inputs[0]?.shape[0] ?? 1;
  const batch = batchAxis(shape, axis, samples);
  const inner = (at: number): number => productOf(shape.slice(at + 1));
  return {
    values,
    gradient: found.gradient.values,
    sampleInner: inner(batch),
    sampleCount: shape[batch] ?? 1,
    unitInner: inner(axis),
    unitCount,
  };
}

/** The first axis of the batch's size, which recurrent layers do not always have in front; else the first one. */
function batchAxis(shape: readonly number[], unitAxis: number, samples: number): number {
  const found = shape.findIndex((size, axis) => axis !== unitAxis && size === samples);
  return Math.max(found, 0);
}
