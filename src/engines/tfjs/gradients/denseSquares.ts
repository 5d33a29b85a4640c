import * as tf from '@tensorflow/tfjs-core';
import type { Graph, GraphNode } from '../../../core/graph/graph';
import type { GraphValues } from '../forwardPass';
import type { GradientSums } from './backwardPass';

/** A dense layer of one row a sample, with the wanted ones of its parameters. */
export interface DenseSite {
  readonly x: string;
  readonly y: string;
  readonly kernel: string | null;
  readonly bias: string | null;
  readonly kernelLayout: 'in-out' | 'out-in';
}

/** Operators that make each row of a batch from the same row alone, whatever their attributes. */
const ROW_BY_ROW: ReadonlySet<string> = new Set(['dense', 'dropout', 'identity', 'unary']);

/**
 * The dense layers that hold the wanted parameters, each parameter read once, where the whole network works row by
 * row of the batch: then squares of the samples' gradients follow from one way back for all samples. Null elsewhere.
 * @param wanted value ids
 */
export function denseSites(graph: Graph, wanted: readonly string[]): readonly DenseSite[] | null {
  if (!graph.inputs.every(({ shape }) => shape.length === 2)) return null;
  if (!graph.nodes.every(worksRowByRow)) return null;
  const sites: DenseSite[] = [];
  const left = new Set(wanted);
  for (const { operator, inputs, outputs } of graph.nodes) {
    const read = inputs.filter((value) => value !== null && wanted.includes(value));
    if (read.length === 0) continue;
    const [x, kernel = null, bias = null] = inputs;
    const [y] = outputs;
    if (operator.kind !== 'dense' || !x || !y || wanted.includes(x)) return null;
    // A parameter read a second time has a gradient of two terms, whose squares do not add up.
    if (!read.every((value) => value !== null && left.delete(value))) return null;
    const { kernelLayout } = operator;
    const ownOf = (value: string | null): string | null => (read.includes(value) ? value : null);
    sites.push({ x, y, kernel: ownOf(kernel), bias: ownOf(bias), kernelLayout });
  }
  return left.size === 0 ? sites : null;
}

function worksRowByRow({ operator }: GraphNode): boolean {
  if (operator.kind === 'batchNormalization') return operator.axis === 1 || operator.axis === -1;
  if (operator.kind !== 'activation') return ROW_BY_ROW.has(operator.kind);
  return !('axis' in operator.function) || [1, -1].includes(operator.function.axis);
}

/**
 * Adds the squares of one way back: the gradient of sample n with respect to a kernel is x_n dy_n^T, so that their
 * squares sum up to the product of the squares.
 */
export function addDenseSquares(
  sites: readonly DenseSite[],
  { values, gradients }: { readonly values: GraphValues; readonly gradients: GradientSums },
  sums: GradientSums,
): void {
  for (const { x, y, kernel, bias, kernelLayout } of sites) {
    const dy = gradients.get(y);
    if (dy === undefined) continue;
    if (kernel !== null) {
      const squares = tf.tidy(() => {
        const [rows, back] = [tf.square(values.get(x)), tf.square(dy)];
        return kernelLayout === 'in-out'
          ? tf.matMul(rows, back, true)
          : tf.matMul(back, rows, true);
      });
      sums.add(kernel, squares);
    }
    if (bias !== null)
      sums.add(
        bias,
        tf.tidy(() => tf.sum(tf.square(dy), 0)),
      );
  }
}
