import { ActivationTaylor, type DifferentiatedUnits } from '../../core/criteria/activationTaylor';
import { UnsupportedError } from '../../core/errors';
import type { ActivationGradient } from '../../core/graph/executor';
import type { Graph } from '../../core/graph/graph';
import { inferShapes, type ValueShapes } from '../../core/graph/inferShapes';
import { productOf } from '../../core/graph/shapes/valueFacts';
import { type UnitActivation, UnitActivations } from '../../core/graph/unitActivation';
import type { SampleUnits } from '../../core/kernels/sampleProductsKernel';
import type { TensorEntry } from '../../core/model/model';
import { labelledBatches } from './gradientBatches';
import { SampleAxes } from './sampleAxes';
import type { ScoredArray, ScoringRun } from './scoringRun';
import { layerNameOf, unitCountOf } from './unitObservers';

/** What the units of a layer give in one place where it is used, and where samples and units stand in it. */
interface UnitPlace {
  readonly value: string;
  readonly layout: SampleUnits;
}

/** By tensor, wherever its layer is used. */
type UnitPlaces = ReadonlyMap<string, readonly UnitPlace[]>;

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
      const taylor = found.get(name) ?? new ActivationTaylor(first?.layout.unitCount ?? 0);
      found.set(name, taylor);
      taylor.add(own.map((place) => unitsOfPlace(place, gradients.activations)));
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
    const isFixed = this.run.fixedSize !== null;
    const axes = new SampleAxes({ model, declared, shapes, inputShapes, isFixed });
    const made = valuesOf(graph);
    return new Map(
      tensors.map((tensor) => {
        const own = activations.of(tensor.name, unitCountOf(model, tensor));
        const isRead = own.length > 0 && own.every(({ value }) => made.has(value));
        if (!isRead) throw this.withoutUnits(tensor);
        return [tensor.name, own.map((activation) => placeOf(activation, shapes, axes))];
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

function placeOf(
  { value, axis, unitCount }: UnitActivation,
  shapes: ValueShapes,
  axes: SampleAxes,
): UnitPlace {
  const { shape = [] } = shapes.get(value) ?? {};
  const layout = {
    sampleInner: axes.innerOf(value, axis),
    sampleCount: axes.sampleCount,
    unitInner: productOf(shape.slice(axis + 1)),
    unitCount,
  };
  return { value, layout };
}

function unitsOfPlace(
  { value, layout }: UnitPlace,
  gradients: ReadonlyMap<string, ActivationGradient>,
): DifferentiatedUnits {
  const found = gradients.get(value);
  if (found === undefined) throw new Error(`value ${value} has no gradient`);
  return { ...layout, values: found.value.values, gradient: found.gradient.values };
}
