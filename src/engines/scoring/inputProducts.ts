import { type GraphUses, graphUses, tensorUses, type ValueUse } from '../../core/graph/graphUses';
import type { Graph } from '../../core/graph/graph';
import { inferShapes, type ValueShapes } from '../../core/graph/inferShapes';
import { type KernelPath, kernelPath } from '../../core/graph/kernelPath';
import type { InputProduct } from '../../core/linearAlgebra/inputProduct';
import type { TensorEntry } from '../../core/model/model';
import type { JobControl } from '../../core/progress';
import { observeData, type WeightedObserver } from './activationPass';
import { type LayerInputs, layerInputs } from './layerInputs';
import { MAX_PRODUCT_INPUTS, PRODUCT_BUDGET_BYTES } from './limits';
import { productPasses, type SharedCost } from './productPasses';
import { ProductSum } from './productSum';
import type { ScoringRun } from './scoringRun';
import { both } from './unitObservers';
import { WeightMatrices } from './weightMatrices';

/** A tensor with what its weights are multiplied with on the data. */
export interface TensorProducts {
  readonly tensor: TensorEntry;
  /** Null where that is no matrix product, or one with too many inputs. */
  readonly layer: {
    readonly matrices: WeightMatrices;
    /** One a group. */
    readonly products: readonly InputProduct[];
  } | null;
}

/**
 * X X^T of what each tensor of a run reads, in float64, over all samples and positions, in the order of the tensors.
 * As many layers as fit the budget are collected in one forward pass over the data. Where a weight is used at several
 * places, those of all are added.
 * @param passControl told by how much of the whole a pass is done
 */
export async function* inputProducts(run: ScoringRun): AsyncGenerator<TensorProducts> {
  const readings = new Map(run.tensors.map((tensor) => [tensor, readingAtStart(run, tensor)]));
  const cost = (tensor: TensorEntry): SharedCost => costOf(readings.get(tensor) ?? []);
  const passes = productPasses(run.tensors, cost, PRODUCT_BUDGET_BYTES);
  for (const [index, tensors] of passes.entries()) {
    const sums = new PassSums();
    const control = halfOf(run.control, index, passes.length);
    const read = tensors.filter((tensor) => readings.get(tensor) !== null);
    if (read.length > 0) {
      await observeData({ ...run, control }, (graph, shapes) =>
        sums.observersOf({ graph, shapes, uses: graphUses(graph) }, read),
      );
    }
    for (const tensor of tensors) {
      const [first] = readings.get(tensor) ?? [];
      const layer =
        first === undefined
          ? null
          : {
              matrices: new WeightMatrices(first.inputs, first.path),
              products: sums.productsOf(tensor),
            };
      yield { tensor, layer };
    }
  }
}

/** A pass collects first; then its layers are worked on. */
function halfOf({ signal, report }: JobControl, index: number, count: number): JobControl {
  return {
    signal,
    report: ({ done, total, ...rest }) => {
      const share = total === 0 ? 0 : done / total;
      report({ ...rest, done: (index + share / 2) / count, total: 1 });
    },
  };
}

/** One use of a tensor. */
interface Reading {
  readonly inputs: LayerInputs;
  readonly path: KernelPath;
}

interface KnownGraph {
  readonly graph: Graph;
  readonly shapes: ValueShapes;
  readonly uses: GraphUses;
}

/** All uses of a tensor; null where one is no matrix product, or they differ in their sizes. */
function readingsOf(tensor: TensorEntry, known: KnownGraph): readonly Reading[] | null {
  const readings = tensorUses(known.uses, tensor.name).map((use) => readingAt(use, tensor, known));
  const found = readings.filter((one) => one !== null);
  const [first] = found;
  if (first === undefined || found.length < readings.length) return null;
  const isAlike = found.every(
    ({ inputs }) =>
      inputs.groups === first.inputs.groups &&
      inputs.inputs === first.inputs.inputs &&
      inputs.inputs <= MAX_PRODUCT_INPUTS,
  );
  return isAlike ? found : null;
}

function readingAt(use: ValueUse, tensor: TensorEntry, known: KnownGraph): Reading | null {
  const path = kernelPath(known, use, tensor.name);
  const inputs = path === null ? null : layerInputs(use, known.shapes, path.shape);
  if (path === null || inputs === null || known.uses.fixed.has(inputs.value)) return null;
  const { groups, outputs } = inputs;
  return groups * inputs.inputs * outputs === tensor.elementCount ? { inputs, path } : null;
}

/** In the graph as it is lowered for a batch. */
function readingAtStart(run: ScoringRun, tensor: TensorEntry): readonly Reading[] | null {
  const { model, dataset, batchSize } = run;
  const inputShapes = dataset.sampleShapes.map((shape) => [batchSize, ...shape]);
  const graph = model.lowerGraph?.(inputShapes) ?? run.graph;
  const shapes = inferShapes(graph, model.tensors, inputShapes);
  return readingsOf(tensor, { graph, shapes, uses: graphUses(graph) });
}

/** Of the matrices of X X^T; nothing where there are none. */
function costOf(readings: readonly Reading[]): SharedCost {
  const [first] = readings;
  const bytes = first === undefined ? 0 : 8 * first.inputs.groups * first.inputs.inputs ** 2;
  return { key: keyOf(readings), bytes };
}

function keyOf(readings: readonly Reading[]): string {
  return JSON.stringify(readings.map(({ inputs }) => inputs.key));
}

/** The sums of one pass. Tensors that read the same share them. */
class PassSums {
  /** By what is read; one a group. */
  private readonly sums = new Map<string, readonly ProductSum[]>();
  private readonly keys = new Map<TensorEntry, string>();
  private readonly finished = new Map<string, readonly InputProduct[]>();

  observersOf(
    known: KnownGraph,
    tensors: readonly TensorEntry[],
  ): ReadonlyMap<string, WeightedObserver> {
    const found = new Map<string, WeightedObserver>();
    const observed = new Set<string>();
    for (const tensor of tensors) {
      const readings = readingsOf(tensor, known) ?? [];
      // The first graph names the sums: in one lowered for another batch values may be called otherwise.
      const key = this.keys.get(tensor) ?? keyOf(readings);
      this.keys.set(tensor, key);
      if (observed.has(key)) continue;
      observed.add(key);
      const sums = this.sumsOf(key, readings);
      for (const { inputs } of readings) {
        const add: WeightedObserver = (seen, weight) => {
          for (const { group, table, zeroVectors = 0 } of inputs.vectors(seen)) {
            sums[group]?.add(table, weight);
            sums[group]?.addZeros(zeroVectors, weight);
          }
        };
        found.set(inputs.value, both(found.get(inputs.value), add));
      }
    }
    return found;
  }

  productsOf(tensor: TensorEntry): readonly InputProduct[] {
    const key = this.keys.get(tensor) ?? '';
    const products =
      this.finished.get(key) ?? (this.sums.get(key) ?? []).map((sum) => sum.finish());
    this.finished.set(key, products);
    return products;
  }

  private sumsOf(key: string, [first]: readonly Reading[]): readonly ProductSum[] {
    const known = this.sums.get(key);
    if (known !== undefined) return known;
    const { groups = 0, inputs = 0 } = first?.inputs ?? {};
    const made = Array.from({ length: groups }, () => new ProductSum(inputs));
    this.sums.set(key, made);
    return made;
  }
}
