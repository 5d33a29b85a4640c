import * as tf from '@tensorflow/tfjs-core';
import { inputOf, type KernelRun, outputOf, type TangentRule } from './kernelRun';

/**
 * Kernels whose matrix of derivatives is symmetric, because each element depends on its own alone (softmax: by its
 * formula): there forward and reverse mode are the same, and the engine's gradient, given the tangent, is the rule.
 */
const SYMMETRIC = [
  ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'ClipByValue', 'Cos', 'Cosh'],
  ...['Elu', 'Erf', 'Exp', 'Expm1', 'LeakyRelu', 'Log', 'Log1p', 'Reciprocal', 'Relu', 'Relu6'],
  ...['Rsqrt', 'Selu', 'Sigmoid', 'Sin', 'Sinh', 'Softmax', 'Softplus', 'Square', 'Tan', 'Tanh'],
];

/** Kernels that give floats which are constant but for jumps. */
const CONSTANT = [
  ...['Ceil', 'Floor', 'FloorDiv', 'OneHot', 'OnesLike', 'Round', 'Sign', 'Step', 'ZerosLike'],
];

/** Rules of kernels that work element by element. */
export function elementRules(): ReadonlyMap<string, TangentRule> {
  const rules = new Map<string, TangentRule>();
  for (const kernel of SYMMETRIC) rules.set(kernel, byGradient);
  for (const kernel of CONSTANT) rules.set(kernel, ({ outputs }) => outputs.map(() => null));
  rules.set('Sqrt', ofRoot);
  rules.set('EluGrad', ofEluGradient);
  const pairs = { RealDiv: ofQuotient, Pow: ofPower, Mod: ofRemainder, Atan2: ofAngle };
  const others = { Maximum: ofLarger, Minimum: ofSmaller, SquaredDifference: ofSquare };
  for (const [kernel, rule] of Object.entries({ ...pairs, ...others })) {
    rules.set(kernel, (run) => [ofPair(run, rule)]);
  }
  return rules;
}

function byGradient(run: KernelRun): readonly (tf.Tensor | null)[] {
  const [name = '', x] = Object.entries(run.inputs)[0] ?? [];
  const tangent = x === undefined ? null : run.tangentOf(x);
  if (tangent === null) return [null];
  const { inputsToSave = [], outputsToSave = [], gradFunc } = tf.getGradient(run.kernel);
  const saved = [
    ...inputsToSave.map((input) => inputOf(run, input)),
    ...run.outputs.filter((_, i) => outputsToSave[i] === true),
  ];
  const moved = gradFunc(tangent, saved, run.attributes)[name];
  return [moved === undefined ? null : moved()];
}

/** 0 at 0, where the root's own derivative is infinite. */
function ofRoot(run: KernelRun): readonly (tf.Tensor | null)[] {
  const tangent = run.tangentOf(inputOf(run, 'x'));
  return [tangent === null ? null : tf.divNoNan(tf.mul(tangent, 0.5), outputOf(run))];
}

/** dy where y is positive, dy (y + 1) where not. */
function ofEluGradient(run: KernelRun): readonly (tf.Tensor | null)[] {
  const [dy, y] = [inputOf(run, 'dy'), inputOf(run, 'y')];
  const [movedGradient, moved] = [run.tangentOf(dy), run.tangentOf(y)];
  const terms = movedGradient === null ? [] : run.again({ dy: movedGradient, y });
  if (moved !== null) terms.push(tf.mul(tf.mul(dy, moved), tf.cast(tf.less(y, 0), 'float32')));
  return [terms.length === 0 ? null : terms.reduce((a, b) => tf.add(a, b))];
}

/** Two values, how each moves (zeros where it does not), and what the kernel made of them. */
interface Pair {
  readonly a: tf.Tensor;
  readonly b: tf.Tensor;
  readonly da: tf.Tensor;
  readonly db: tf.Tensor;
  readonly y: tf.Tensor;
}

function ofPair(run: KernelRun, rule: (pair: Pair) => tf.Tensor): tf.Tensor {
  const [a, b] = [inputOf(run, 'a'), inputOf(run, 'b')];
  const moved = (x: tf.Tensor): tf.Tensor => run.tangentOf(x) ?? tf.zerosLike(x);
  return rule({ a, b, da: moved(a), db: moved(b), y: outputOf(run) });
}

function ofQuotient({ b, da, db, y }: Pair): tf.Tensor {
  return tf.div(tf.sub(da, tf.mul(y, db)), b);
}

/** b a^(b - 1) da + a^b ln(a) db, the latter where a is positive. */
function ofPower({ a, b, da, db, y }: Pair): tf.Tensor {
  const ofBase = tf.mul(tf.mul(b, tf.pow(a, tf.sub(b, 1))), da);
  const positive = tf.cast(tf.greater(a, 0), 'float32');
  const logarithm = tf.mul(tf.log(tf.maximum(a, SMALLEST)), positive);
  return tf.add(ofBase, tf.mul(tf.mul(y, logarithm), db));
}

/** Of float32: keeps the logarithm finite. */
const SMALLEST = 1e-38;

function ofRemainder({ a, b, da, db }: Pair): tf.Tensor {
  return tf.sub(da, tf.mul(tf.floor(tf.div(a, b)), db));
}

function ofAngle({ a, b, da, db }: Pair): tf.Tensor {
  const square = tf.add(tf.square(a), tf.square(b));
  return tf.div(tf.sub(tf.mul(b, da), tf.mul(a, db)), square);
}

function ofLarger({ a, b, da, db }: Pair): tf.Tensor {
  return either(tf.greaterEqual(a, b), da, db);
}

function ofSmaller({ a, b, da, db }: Pair): tf.Tensor {
  return either(tf.lessEqual(a, b), da, db);
}

/** The one where the condition holds, the other elsewhere, broadcast. */
function either(condition: tf.Tensor, one: tf.Tensor, other: tf.Tensor): tf.Tensor {
  const share = tf.cast(condition, 'float32');
  return tf.add(tf.mul(share, one), tf.mul(tf.sub(1, share), other));
}

function ofSquare({ a, b, da, db }: Pair): tf.Tensor {
  return tf.mul(tf.mul(tf.sub(a, b), 2), tf.sub(da, db));
}
