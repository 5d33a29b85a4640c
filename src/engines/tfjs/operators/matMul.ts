import * as tf from '@tensorflow/tfjs-core';
import type { MatMulOperator } from '../../../core/graph/operators/linear';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import { broadcast } from './broadcast';
import { commonType, toFloat } from './elementTypes';

/** Batches of matrices, with the axes before the last two broadcast as in NumPy. */
export function runMatMul(operator: MatMulOperator, inputs: NodeInputs): tf.Tensor {
  const given = [0, 1].map((index) => requiredInput(inputs, index, operator.kind));
  const [a, b] = given.map(toFloat);
  if (a === undefined || b === undefined) throw new Error('two factors were given');
  const product = multiply(a, b, operator);
  return commonType(given) === 'float32' ? product : tf.cast(product, 'int32');
}

type Transposes = Pick<MatMulOperator, 'transposeA' | 'transposeB'>;

function multiply(a: tf.Tensor, b: tf.Tensor, transposes: Transposes): tf.Tensor {
  const { transposeA, transposeB } = transposes;
  if (b.rank === 2 && (a.rank === 2 || !transposeA)) {
    // One product of plain matrices is far faster than one a batch.
    const inner = a.shape.at(-1) ?? 1;
    const rows = a.size / Math.max(inner, 1);
    const flat = a.rank === 2 ? a : tf.reshape(a, [rows, inner]);
    const product: tf.Tensor = tf.matMul(flat, b, transposeA, transposeB);
    if (a.rank === 2) return product;
    return tf.reshape(product, [...a.shape.slice(0, -1), product.shape[1] ?? 1]);
  }
  return multiplyBatches(a, b, transposes);
}

/** The engine's gradient does not add up what was broadcast, so both sides get the whole batch here. */
function multiplyBatches(
  a: tf.Tensor,
  b: tf.Tensor,
  { transposeA, transposeB }: Transposes,
): tf.Tensor {
  const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const batch = outer.reduce((product, size) => product * size, 1);
  const [wholeA, wholeB] = [a, b].map((matrices) => {
    const matrix = matrices.shape.slice(-2);
    return tf.reshape(broadcast(matrices, [...outer, ...matrix]), [batch, ...matrix]);
  });
  if (wholeA === undefined || wholeB === undefined) throw new Error('two factors were given');
  const product: tf.Tensor = tf.matMul(wholeA, wholeB, transposeA, transposeB);
  return tf.reshape(product, [...outer, ...product.shape.slice(-2)]);
}
