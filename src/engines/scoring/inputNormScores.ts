import { wandaScore } from '../../core/criteria/wanda';
import { UnsupportedError } from '../../core/errors';
import { type GraphUses, graphUses, tensorUses, type ValueUse } from '../../core/graph/graphUses';
import type { Graph } from '../../core/graph/graph';
import type { ValueShapes } from '../../core/graph/inferShapes';
import { inTensorOrder, type KernelPath, kernelPath } from '../../core/graph/kernelPath';
import type { TensorEntry } from '../../core/model/model';
import { observeData, type WeightedObserver } from './activationPass';
import { cutWeights } from './cutWeights';
import { type InputNorms, inputNorms } from './inputNorms';
import type { ScoredArray, ScoringRun } from './scoringRun';
import { both, layerNameOf } from './unitObservers';

/** Scores by a weight and the norm of what it is multiplied with: wanda. One forward pass, nothing is downloaded. */
export async function* inputNormScores(run: ScoringRun): AsyncGenerator<ScoredArray> {
  const squares = new InputSquares(run);
  await observeData(run, (graph, shapes) => squares.observersOf(graph, shapes));
  for (const tensor of run.tensors) {
    const weights = await cutWeights(run, tensor);
    const values = wandaScore(weights, squares.of(tensor));
    yield { name: tensor.name, shape: tensor.shape, values };
  }
}

/** What is summed of one use of a tensor. */
interface UseSums {
  readonly norms: InputNorms;
  readonly path: KernelPath;
  readonly sums: Float64Array;
}

interface KnownGraph {
  readonly graph: Graph;
  readonly shapes: ValueShapes;
  readonly uses: GraphUses;
}

/** The sums of squares of what each weight is multiplied with. */
class InputSquares {
  /** By tensor, in the order of its uses: the same in a graph lowered for other batches. */
  private readonly sums = new Map<string, readonly UseSums[]>();

  constructor(private readonly scoring: ScoringRun) {}

  observersOf(graph: Graph, shapes: ValueShapes): ReadonlyMap<string, WeightedObserver> {
    const known = { graph, shapes, uses: graphUses(graph) };
    const found = new Map<string, WeightedObserver>();
    for (const tensor of this.scoring.tensors) {
      const norms = this.normsOf(tensor, known);
      const own = this.sums.get(tensor.name) ?? norms.map(withSums);
      this.sums.set(tensor.name, own);
      norms.forEach(({ norms: { value, add } }, i) => {
        const sums = own[i]?.sums ?? new Float64Array(0);
        found.set(
          value,
          both(found.get(value), (seen, weight) => {
            add(sums, seen, weight);
          }),
        );
      });
    }
    return found;
  }

  /** One a weight, in C order; all uses together. */
  of({ name, elementCount }: TensorEntry): Float64Array {
    const [first, ...others] = (this.sums.get(name) ?? []).map(squaresOf);
    const total = first ?? new Float64Array(elementCount);
    for (const own of others) {
      own.forEach((square, i) => (total[i] = (total[i] ?? 0) + square));
    }
    return total;
  }

  private normsOf(tensor: TensorEntry, known: KnownGraph): readonly Omit<UseSums, 'sums'>[] {
    const places = tensorUses(known.uses, tensor.name);
    const norms = places.map((use) => normsAt(use, known, tensor));
    const found = norms.filter((one) => one !== null);
    if (found.length === places.length && places.length > 0) return found;
    throw this.withoutInputs(tensor, places);
  }

  private withoutInputs(tensor: TensorEntry, places: readonly ValueUse[]): UnsupportedError {
    const operators = [...new Set(places.map(({ node }) => node.operator.kind))].join(', ');
    return new UnsupportedError({
      feature: `what the weights of layer ${layerNameOf(this.scoring.model, tensor)} are multiplied with`,
      found:
        operators === ''
          ? 'a weight that the network does not use'
          : `its use by ${operators}${places.some(resetsBefore) ? ', a GRU that applies its reset gate before the product' : ''}`,
      supported:
        'dense, convolution, recurrent and embedding layers that read data; exclude this one, or take a criterion by the weights alone such as magnitude',
    });
  }
}

/** What its kernel is multiplied with is no value of the graph. */
function resetsBefore({ node: { operator } }: ValueUse): boolean {
  return operator.kind === 'recurrent' && operator.cell === 'gru' && !operator.resetAfter;
}

function normsAt(
  use: ValueUse,
  known: KnownGraph,
  tensor: TensorEntry,
): Omit<UseSums, 'sums'> | null {
  const path = kernelPath(known, use, tensor.name);
  const norms = path === null ? null : inputNorms(use, known.shapes, path.shape);
  if (path === null || norms === null || known.uses.fixed.has(norms.value)) return null;
  return { norms, path };
}

/** What was taken away again may leave a rounding error below zero. */
function squaresOf({ norms, path, sums }: UseSums): Float64Array {
  const positive = sums.map((sum) => Math.max(0, sum));
  return inTensorOrder(norms.expand(positive), path);
}

function withSums(one: Omit<UseSums, 'sums'>): UseSums {
  return { ...one, sums: new Float64Array(one.norms.sumCount) };
}
