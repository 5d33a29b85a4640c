import type { Criterion, CriterionOptions } from '../../core/criteria/criterion';
import { leastSquaresPrune, solveOnSupport } from '../../core/criteria/leastSquares';
import { obsPrune } from '../../core/criteria/obs';
import type { ReconstructTarget } from '../../core/criteria/scoringPort';
import { DEFAULT_BLOCK_SIZE, sparsegptPrune } from '../../core/criteria/sparsegpt';
import { UnsupportedError } from '../../core/errors';
import { maskBit } from '../../core/kernels/maskBit';
import { DEFAULT_DAMPING } from '../../core/linearAlgebra/hessian';
import type { InputProduct, Steps, WeightMatrix } from '../../core/linearAlgebra/inputProduct';
import type { Values } from '../../core/model/decodeValues';
import { roundHalfEven } from '../../core/selection/roundHalfEven';
import type { TensorProducts } from './inputProducts';
import { onFiniteOutputs } from './onFiniteOutputs';

/** By which criterion weights go and are updated, how, and the layer's name for messages. */
export interface ReconstructMethod {
  readonly criterion: Criterion;
  readonly options: CriterionOptions;
  readonly place: string;
}

/** What the user is told of a layer whose weights no vectors of data meet. */
export function withoutInputsNote(place: string): string {
  return `${place}: what its weights are multiplied with is no matrix product that can be solved for, so they go by their magnitude, and those that stay are not updated`;
}

/**
 * New weights of one tensor, zero where one goes: group by group, see {@link sparsegptPrune}, {@link obsPrune},
 * {@link leastSquaresPrune} and, for a mask, {@link solveOnSupport}. Outputs with a weight that is not finite keep all
 * of theirs, but for what a mask takes. Yields between outputs or blocks.
 * @param weights of the tensor, in C order
 * @throws UnsupportedError where the layer's inputs do not determine its weights.
 */
export function* reconstructTensor(
  weights: Values,
  { layer }: Pick<TensorProducts, 'layer'>,
  target: ReconstructTarget,
  method: ReconstructMethod,
): Steps<Float64Array<ArrayBuffer>> {
  const values = Float64Array.from(weights);
  if (layer === null) return withoutInputs(values, target);
  const { matrices, products } = layer;
  for (const [group, product] of products.entries()) {
    const flags = target.kind === 'mask' ? matrices.flags(target.mask, group) : null;
    const solve = (
      matrix: WeightMatrix,
      own: Uint8Array | null,
    ): Steps<Float64Array<ArrayBuffer>> =>
      stepsFor(matrix, product, { target, flags: own }, method);
    const steps = onFiniteOutputs(matrices.matrix(weights, group), flags, solve);
    matrices.put(yield* portion(steps, group, products.length), group, values);
  }
  return values;
}

/** One of several portions of the work. */
function* portion<T>(steps: Steps<T>, index: number, count: number): Steps<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    yield (index + step.value) / count;
  }
}

function stepsFor(
  matrix: WeightMatrix,
  product: InputProduct,
  { target, flags }: { readonly target: ReconstructTarget; readonly flags: Uint8Array | null },
  { criterion, options, place }: ReconstructMethod,
): Steps<Float64Array<ArrayBuffer>> {
  const { damping = DEFAULT_DAMPING, blockSize = DEFAULT_BLOCK_SIZE } = options;
  const common = { damping, place };
  switch (criterion) {
    case 'sparsegpt':
      return sparsegptPrune(matrix, product, {
        ...common,
        blockSize,
        target: sparsegptTarget(target, flags),
      });
    case 'obs':
      return flags === null
        ? obsPrune(matrix, product, { ...common, sparsity: shareOf(target) })
        : solveOnSupport(matrix, product, { ...common, flags });
    default:
      return flags === null
        ? leastSquaresPrune(matrix, product, { ...common, sparsity: shareOf(target) })
        : solveOnSupport(matrix, product, { ...common, flags });
  }
}

function sparsegptTarget(
  target: ReconstructTarget,
  flags: Uint8Array | null,
): Parameters<typeof sparsegptPrune>[2]['target'] {
  if (flags !== null) return { kind: 'flags', flags };
  if (target.kind === 'groups') return target;
  return { kind: 'share', share: shareOf(target) };
}

/** @throws UnsupportedError for a target that the criterion does not choose by itself. */
function shareOf(target: ReconstructTarget): number {
  if (target.kind === 'sparsity') return target.sparsity;
  throw new UnsupportedError({
    feature: 'choosing weights while others are updated',
    found: `a target of kind ${target.kind}`,
    supported: 'a share of the weights, or a mask',
  });
}

/** Weights go by magnitude, the others stay as they are. */
function withoutInputs(
  values: Float64Array<ArrayBuffer>,
  target: ReconstructTarget,
): Float64Array<ArrayBuffer> {
  if (target.kind === 'mask') {
    return values.map((value, i) => (maskBit(target.mask, i) ? 0 : value));
  }
  const finite = values.filter(Number.isFinite).map(Math.abs).sort();
  const count = Math.min(finite.length, roundHalfEven(shareOf(target) * values.length));
  const limit = finite[count - 1] ?? -1;
  let ties = count - finite.filter((magnitude) => magnitude < limit).length;
  return values.map((value) => {
    const magnitude = Math.abs(value);
    if (magnitude < limit || (magnitude === limit && ties-- > 0)) return 0;
    return value;
  });
}
