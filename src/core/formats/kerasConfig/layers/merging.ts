import type { MergeOperator } from '../../../graph/operators/elementwise';
import type { LayerContext, LayerFunction } from '../layerContext';

/** Element by element; inputs with fewer axes get new ones after the batch. */
function merge(mode: MergeOperator['mode']): LayerFunction {
  return (layer) => {
    const inputs = layer.assertInputCount(2, mode === 'subtract' ? 2 : Infinity);
    const merged = layer.emit({ kind: 'merge', mode, alignment: 'afterBatch' }, inputs);
    layer.setMask(merged, mergedMask(layer, inputs));
    return merged;
  };
}

/** A step counts where it counts in any of the inputs; unknown in one, it is unknown. */
function mergedMask(layer: LayerContext, inputs: readonly string[]): string | null {
  const masks = inputs.map((input, i) => layer.maskOf(input, i));
  if (masks.includes(null)) return null;
  const [first, ...rest] = masks.filter((mask) => mask !== null);
  if (first === undefined) return null;
  return rest.reduce(
    (a, b) => (a === b ? a : layer.emit({ kind: 'logical', mode: 'or' }, [a, b])),
    first,
  );
}

const concatenate: LayerFunction = (layer) => {
  const inputs = layer.assertInputCount(1);
  const axis = layer.config.integer('axis', -1);
  const joined = layer.emit({ kind: 'concatenate', axis }, inputs);
  const masks = inputs.map((input, i) => layer.maskOf(input, i));
  if (masks.every((mask) => mask === null)) return joined;
  layer.setMask(joined, concatenatedMask(layer, { inputs, masks, axis }));
  return joined;
};

interface Concatenated {
  readonly inputs: readonly string[];
  readonly masks: readonly (string | null)[];
  readonly axis: number;
}

/** Source: Concatenate.compute_mask of Keras 3.15, where an input without a mask counts wholly. */
function concatenatedMask(
  layer: LayerContext,
  { inputs, masks, axis }: Concatenated,
): string | null {
  const rank = layer.rank(inputs[0] ?? layer.x);
  const isLast = (axis < 0 ? axis + rank : axis) === rank - 1;
  const known = masks.filter((mask) => mask !== null);
  const [first, ...rest] = known;
  if (first === undefined) return null;
  if (isLast) {
    // Along the features a step counts where it counts in any input: everywhere, where one has no mask.
    if (known.length < masks.length) return null;
    return rest.reduce((a, b) => layer.emit({ kind: 'logical', mode: 'or' }, [a, b]), first);
  }
  const whole = masks.map((mask, i) => mask ?? everyStep(layer, inputs[i] ?? first));
  return layer.concatenate(whole, axis);
}

/** A mask in which every step counts, whatever stands in the input. */
function everyStep(layer: LayerContext, input: string): string {
  return layer.reduce('all', layer.everywhere(input), [-1]);
}

/** Dot: the products of two inputs along an axis of each, for each sample. Source: Dot of Keras 3.15. */
const dot: LayerFunction = (layer) => {
  const [first, second = ''] = layer.assertInputCount(2, 2);
  const [a, b] = dotAxes(layer, layer.rank(first), layer.rank(second));
  const normalize = layer.config.boolean('normalize', false);
  const [left, right] = normalize
    ? [unit(layer, first, a), unit(layer, second, b)]
    : [first, second];
  const [x, xMiddle] = withAxisLast(layer, left, a);
  const [y, yMiddle] = withAxisLast(layer, right, b);
  const product = layer.matMul(x, y, false, true);
  const [batch = -1] = layer.shape(first);
  const shape = [batch, ...xMiddle, ...yMiddle];
  return layer.reshapeTo(product, shape.length === 1 ? [batch, 1] : shape);
};

function dotAxes(layer: LayerContext, first: number, second: number): readonly [number, number] {
  const [a = -1, b = a] = layer.config.axes('axes', -1);
  const axes = [a < 0 ? a + first : a, b < 0 ? b + second : b] as const;
  if (axes[0] > 0 && axes[1] > 0 && axes[0] < first && axes[1] < second) return axes;
  throw layer.config.bad('axes', 'an axis of each input, other than the batch');
}

function unit(layer: LayerContext, value: string, axis: number): string {
  const squares = layer.reduce('sumSquare', value, [axis], true);
  const kept = layer.merge('maximum', squares, layer.scalar(1e-12));
  return layer.merge('multiply', value, layer.unary('rsqrt', kept));
}

/** As [batch, everything else, the axis], with the sizes of everything else. */
function withAxisLast(
  layer: LayerContext,
  value: string,
  axis: number,
): readonly [string, readonly number[]] {
  const shape = layer.shape(value);
  const others = shape.flatMap((_, i) => (i === 0 || i === axis ? [] : [i]));
  const middle = others.map((i) => shape[i] ?? -1);
  const moved = layer.transpose(value, [0, ...others, axis]);
  if (others.length === 1) return [moved, middle];
  const size = middle.some((length) => length < 0) ? -1 : middle.reduce((a, b) => a * b, 1);
  return [layer.reshapeTo(moved, [shape[0] ?? -1, size, shape[axis] ?? -1]), middle];
}

/** CustomScaleLayer of InceptionResNetV2: one input and a share of the other. Source: keras.applications of Keras 3.15. */
const scaledSum: LayerFunction = (layer) => {
  const [x, addend = x] = layer.assertInputCount(2, 2);
  const share = layer.scalar(layer.config.number('scale', 1));
  return layer.merge('add', x, layer.merge('multiply', addend, share));
};

export const mergingLayers: Readonly<Record<string, LayerFunction>> = {
  Add: merge('add'),
  Subtract: merge('subtract'),
  Multiply: merge('multiply'),
  Average: merge('average'),
  Maximum: merge('maximum'),
  Minimum: merge('minimum'),
  Concatenate: concatenate,
  Dot: dot,
  CustomScaleLayer: scaledSum,
};
