import type { TensorFigures } from '../../../src/protocol/hostInspector';
import type { LayerView, StoredTensorView } from '../../../src/protocol/views';

/** A tensor with what is known of its values. */
export interface MeasuredTensor {
  readonly tensor: StoredTensorView;
  readonly figures: TensorFigures;
}

/** How a layer looks that was never trained. */
export type FreshKind = 'normalization' | 'kernel';

/**
 * Whether a layer's values look like those that a framework starts with; null where they do not.
 * A hint, no proof, and a narrow one: normalisation with scale 1, shift 0, mean 0 and variance 1;
 * kernels that are uniform up to the bound of Glorot (2010), He (2015) or PyTorch's default, with a
 * bias of zeros or, for the last, within the same bound.
 */
export function freshKindOf(
  layer: LayerView,
  measured: ReadonlyMap<string, MeasuredTensor>,
): FreshKind | null {
  const tensors = layer.tensors.flatMap((name) => measured.get(name) ?? []);
  if (tensors.length !== layer.tensors.length) return null;
  if (layer.operator === 'normalization') {
    return isFreshNormalization(tensors) ? 'normalization' : null;
  }
  const [weight, bias, ...more] = tensors;
  const isPair = weight !== undefined && bias !== undefined && more.length === 0;
  return isPair && isFreshKernel(weight, bias, layer.unitAxis) ? 'kernel' : null;
}

/** What each of these vectors is filled with at first, by the end of its name. */
const INITIAL_VALUES: readonly (readonly [RegExp, number])[] = [
  [/(^|[./_])(weight|gamma|scale)$/, 1],
  [/(^|[./_])(bias|beta|offset)$/, 0],
  [/(^|[./_])(running|moving)_mean$/, 0],
  [/(^|[./_])(running_var|moving_variance)$/, 1],
];

function isFreshNormalization(tensors: readonly MeasuredTensor[]): boolean {
  let met = 0;
  for (const { tensor, figures } of tensors) {
    const name = tensor.name.replace(/:\d+$/, '');
    const expected = INITIAL_VALUES.find(([pattern]) => pattern.test(name))?.[1];
    if (expected === undefined) continue;
    if (figures.min !== expected || figures.max !== expected) return false;
    met++;
  }
  // One of them alone may well be so on purpose.
  return met >= 2;
}

/** Below this the shape of a distribution says little. */
const LEAST_ELEMENTS = 512;

function isFreshKernel(
  weight: MeasuredTensor,
  bias: MeasuredTensor,
  unitAxis: number | null,
): boolean {
  const { shape, elementCount } = weight.tensor;
  if (unitAxis === null || shape.length < 2 || elementCount < LEAST_ELEMENTS) return false;
  const { fanIn, fanOut } = fansOf(shape, unitAxis);
  const torch = Math.sqrt(1 / fanIn);
  const isWithin = (bound: number): boolean =>
    Math.max(Math.abs(bias.figures.min ?? Infinity), Math.abs(bias.figures.max ?? Infinity)) <=
    bound * (1 + ROUNDING);
  if (isUniform(weight, torch) && isWithin(torch)) return true;
  const keras = [Math.sqrt(6 / (fanIn + fanOut)), Math.sqrt(6 / fanIn)];
  return isWithin(0) && keras.some((bound) => isUniform(weight, bound));
}

/** Inputs and outputs of a unit: the axes beside the two of the units are the window. */
function fansOf(
  shape: readonly number[],
  unitAxis: number,
): { readonly fanIn: number; readonly fanOut: number } {
  const all = shape.reduce((product, size) => product * size, 1);
  const units = shape[unitAxis] ?? 1;
  const inputs = (unitAxis === 0 ? shape[1] : shape.at(-2)) ?? 1;
  const fanIn = all / units;
  return { fanIn, fanOut: (units * fanIn) / inputs };
}

/** Initialisers round to float32. */
const ROUNDING = 1e-6;

/** Reaches the bound on both sides, has the deviation b / √3, a mean of about 0 and level bars. */
function isUniform({ tensor, figures }: MeasuredTensor, bound: number): boolean {
  const { min, max, mean, std } = figures;
  if (min === null || max === null || mean === null || std === null) return false;
  const reach = 0.985 * bound;
  const most = bound * (1 + ROUNDING);
  if (min > -reach || max < reach || min < -most || max > most) return false;
  const expected = bound / Math.sqrt(3);
  if (Math.abs(std - expected) > 0.03 * expected) return false;
  if (Math.abs(mean) > (4 * expected) / Math.sqrt(tensor.elementCount)) return false;
  return isLevel(figures.bars.counts);
}

/** Chi-squared per degree of freedom of the inner bars; the outermost hold what lies beyond. */
function isLevel(counts: readonly number[]): boolean {
  const inner = counts.slice(1, -1);
  const mean = inner.reduce((sum, count) => sum + count, 0) / Math.max(1, inner.length);
  if (mean === 0) return false;
  const squares = inner.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  return squares / mean / (inner.length - 1) < 1.7;
}
