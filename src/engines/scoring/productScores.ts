import { leastSquaresScore } from '../../core/criteria/leastSquares';
import { obsScore } from '../../core/criteria/obs';
import { sparsegptScore } from '../../core/criteria/sparsegpt';
import type { InputProduct, WeightMatrix } from '../../core/linearAlgebra/inputProduct';
import { DEFAULT_DAMPING } from '../../core/linearAlgebra/hessian';
import { cutWeights } from './cutWeights';
import { inputProducts } from './inputProducts';
import { withoutInputsNote } from './reconstructTensor';
import type { ScoredArray, ScoringRun } from './scoringRun';
import { layerNameOf } from './unitObservers';

/**
 * What obs, least-squares and sparsegpt rank by before any weight has gone. Weights that no vectors of data meet
 * (embeddings) count as if their inputs were independent of each other and of power 1.
 */
export async function* productScores(run: ScoringRun): AsyncGenerator<ScoredArray> {
  for await (const { tensor, layer } of inputProducts(run)) {
    const weights = await cutWeights(run, tensor);
    const values = new Float64Array(tensor.elementCount);
    const place = layerNameOf(run.model, tensor);
    if (layer === null) {
      run.note(withoutInputsNote(place));
      weights.forEach((weight, i) => (values[i] = plainScore(run, weight)));
    }
    layer?.products.forEach((product, group) => {
      const matrix = layer.matrices.matrix(weights, group);
      layer.matrices.put(scoresOf(run, matrix, product, place), group, values);
    });
    yield { name: tensor.name, shape: tensor.shape, values };
  }
}

function scoresOf(
  { request }: ScoringRun,
  matrix: WeightMatrix,
  product: InputProduct,
  place: string,
): Float64Array {
  const { damping = DEFAULT_DAMPING } = request.options;
  switch (request.criterion) {
    case 'obs':
      return obsScore(matrix, product, { damping, place });
    case 'sparsegpt':
      return sparsegptScore(matrix, product, { damping, place });
    default:
      return leastSquaresScore(matrix);
  }
}

function plainScore({ request }: ScoringRun, weight: number): number {
  switch (request.criterion) {
    case 'obs':
      return (weight * weight) / 2;
    case 'sparsegpt':
      return weight * weight;
    default:
      return Math.abs(weight);
  }
}
