import type { CallArgument } from '../inboundNodes';
import type { LayerContext } from '../layerContext';
import { type LayerFunction } from '../layerContext';

/** Keras 3's classes for functions of TensorFlow, by the names that Keras 2 keeps. */
const CLASSES: Readonly<Record<string, string>> = {
  '__operators__.add': 'Add',
  '__operators__.radd': 'Add',
  'math.add': 'Add',
  'math.subtract': 'Subtract',
  'math.multiply': 'Multiply',
  'math.divide': 'TrueDivide',
  'math.truediv': 'TrueDivide',
  'math.floordiv': 'FloorDivide',
  'math.floormod': 'Mod',
  'math.pow': 'Power',
  'math.maximum': 'Maximum',
  'math.minimum': 'Minimum',
  'math.squared_difference': 'SquaredDifference',
  'math.greater': 'Greater',
  'math.greater_equal': 'GreaterEqual',
  'math.less': 'Less',
  'math.less_equal': 'LessEqual',
  'math.equal': 'Equal',
  'math.not_equal': 'NotEqual',
  '__operators__.eq': 'Equal',
  '__operators__.ne': 'NotEqual',
  'math.logical_and': 'LogicalAnd',
  'math.logical_or': 'LogicalOr',
  'math.logical_not': 'LogicalNot',
  'math.abs': 'Abs',
  'math.negative': 'Negative',
  'math.exp': 'Exp',
  'math.log': 'Log',
  'math.sqrt': 'Sqrt',
  'math.rsqrt': 'Rsqrt',
  'math.square': 'Square',
  'math.sin': 'Sin',
  'math.cos': 'Cos',
  'math.tanh': 'Tanh',
  'math.erf': 'Erf',
  'math.sign': 'Sign',
  'math.floor': 'Floor',
  'math.ceil': 'Ceil',
  'math.sigmoid': 'Sigmoid',
  'math.softplus': 'Softplus',
  'math.reduce_sum': 'Sum',
  'math.reduce_mean': 'Mean',
  'math.reduce_max': 'Max',
  'math.reduce_min': 'Min',
  'math.reduce_prod': 'Prod',
  'math.reduce_std': 'Std',
  'math.reduce_variance': 'Var',
  'math.argmax': 'Argmax',
  'math.cumsum': 'Cumsum',
  'math.l2_normalize': 'Normalize',
  'linalg.l2_normalize': 'Normalize',
  'linalg.matmul': 'Matmul',
  'nn.relu': 'Relu',
  'nn.relu6': 'Relu6',
  'nn.leaky_relu': 'LeakyRelu',
  'nn.elu': 'Elu',
  'nn.selu': 'Selu',
  'nn.sigmoid': 'Sigmoid',
  'nn.tanh': 'Tanh',
  'nn.softmax': 'Softmax',
  'nn.log_softmax': 'LogSoftmax',
  'nn.silu': 'Silu',
  'nn.gelu': 'Gelu',
  'nn.softplus': 'Softplus',
  'nn.l2_normalize': 'Normalize',
  clip_by_value: 'Clip',
  cast: 'Cast',
  concat: 'Concatenate',
  expand_dims: 'ExpandDims',
  gather: 'Take',
  identity: 'Identity',
  one_hot: 'OneHot',
  reshape: 'Reshape',
  reverse: 'Flip',
  split: 'Split',
  squeeze: 'Squeeze',
  stack: 'Stack',
  stop_gradient: 'StopGradient',
  tile: 'Tile',
  transpose: 'Transpose',
  where: 'Where',
};

/** What Keras 3 calls the arguments that TensorFlow calls so. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  y: 'x2',
  b: 'x2',
  depth: 'num_classes',
  num_or_size_splits: 'indices_or_sections',
  clip_value_min: 'x_min',
  clip_value_max: 'x_max',
  alpha: 'negative_slope',
};

/** Arguments that change nothing where they are as TensorFlow has them by default. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  adjoint_a: false,
  adjoint_b: false,
  transpose_a: false,
  transpose_b: false,
  batch_dims: 0,
  conjugate: false,
};

/**
 * A function of TensorFlow in a model of Keras 2, by what Keras 3 calls it.
 * Source: TFOpLambda of Keras 2.15.
 */
export function tensorflowOperation(
  find: (className: string) => LayerFunction | null,
): LayerFunction {
  return (layer) => {
    const name = layer.config.string('function');
    const className = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
    const write = className === undefined ? null : find(className);
    if (write === null || className === undefined) {
      throw layer.unsupported(`the function ${name}`, 'functions of arithmetic and shape');
    }
    assertDefaults(layer);
    const named = new Map(
      [...layer.call.named].map(([key, value]): [string, CallArgument<string>] => [
        renamed(key, className),
        value,
      ]),
    );
    // TensorFlow's default is exact, Keras' is not.
    if (className === 'Gelu' && !named.has('approximate')) {
      named.set('approximate', { kind: 'constant', value: false });
    }
    return write(layer.withArguments({ ...layer.call, named }));
  };
}

function assertDefaults(layer: LayerContext): void {
  for (const [name, expected] of Object.entries(DEFAULTS)) {
    const given = layer.call.named.get(name);
    if (
      given === undefined ||
      (given.kind === 'constant' && [expected, null].includes(given.value))
    ) {
      continue;
    }
    throw layer.unsupported(`${name} other than ${String(expected)}`, String(expected));
  }
}

function renamed(name: string, className: string): string {
  if (className === 'Where') return { x: 'x1', y: 'x2' }[name] ?? name;
  return Object.hasOwn(ARGUMENTS, name) ? (ARGUMENTS[name] ?? name) : name;
}
