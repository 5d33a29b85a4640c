import * as tf from '@tensorflow/tfjs-core';
import { maxPoolTangent } from '../../../../core/kernels/poolGradientKernels';
import { type PoolAttributes, poolWindow } from '../../kernels/windows';
import { inputOf, type KernelRun, outputOf, type TangentRule } from './kernelRun';

/** Rules of kernels that take some elements and leave others: what was taken moves. */
export const CHOICE_RULES: ReadonlyMap<string, TangentRule> = new Map<string, TangentRule>([
  ['Max', ofExtreme],
  ['Min', ofExtreme],
  ['MaxPool', ofMaxPool],
  ['TopK', ofTopK],
]);

interface ExtremeAttributes {
  readonly reductionIndices?: number | number[];
  readonly axis?: number | number[];
}

/** The sum of the tangents of all elements that are the largest, as the engine's gradient gives to all of them. */
function ofExtreme(run: KernelRun): readonly (tf.Tensor | null)[] {
  const x = inputOf(run, 'x');
  const tangent = run.tangentOf(x);
  if (tangent === null) return [null];
  const y = outputOf(run);
  // Max and Min name their axes differently.
  const { reductionIndices, axis } = run.attributes as unknown as ExtremeAttributes;
  const axes = tf.util.parseAxisParam(reductionIndices ?? axis ?? [], x.shape);
  const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const isExtreme = tf.cast(tf.equal(x, tf.reshape(y, kept)), 'float32');
  return [tf.reshape(tf.sum(tf.mul(isExtreme, tangent), axes), y.shape)];
}

/** No kernel gives the place of each window's maximum, so that this is a loop of our own. */
function ofMaxPool(run: KernelRun): readonly (tf.Tensor | null)[] {
  const x = inputOf(run, 'x');
  const tangent = run.tangentOf(x);
  if (tangent === null) return [null];
  const window = poolWindow(x.shape, run.attributes as unknown as PoolAttributes);
  const { shape, size } = outputOf(run);
  const moved = new Float32Array(size);
  maxPoolTangent(window, x.dataSync<'float32'>(), tangent.dataSync<'float32'>(), moved);
  return [tf.tensor(moved, shape)];
}

function ofTopK(run: KernelRun): readonly (tf.Tensor | null)[] {
  const x = inputOf(run, 'x');
  const tangent = run.tangentOf(x);
  const [values, indices] = run.outputs;
  if (tangent === null || values === undefined || indices === undefined) return [null, null];
  const length = x.shape.at(-1) ?? 1;
  const rows = x.size / Math.max(length, 1);
  const taken: tf.Tensor2D = tf.reshape(indices, [rows, values.size / Math.max(rows, 1)]);
  const first = tf.reshape(tf.range(0, x.size, Math.max(length, 1), 'int32'), [rows, 1]);
  const places = tf.reshape(tf.add(taken, first), [values.size]);
  const moved = tf.gather(tf.reshape(tangent, [x.size]), tf.cast(places, 'int32'));
  return [tf.reshape(moved, values.shape), null];
}
