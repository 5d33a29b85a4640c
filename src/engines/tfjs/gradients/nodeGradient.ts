import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedError } from '../../../core/errors';
import type { GraphNode } from '../../../core/graph/graph';
import type { Operator } from '../../../core/graph/operators/operator';
import { withResultsUnread } from '../kernels/unreadResults';
import { engineGradients } from './engineGradients';

/** What runs a node again, on the tape, and what came back to its outputs. */
export interface NodeGradientRequest {
  readonly node: GraphNode;
  readonly run: () => readonly tf.Tensor[];
  /** By output; null where the objective does not depend on it. */
  readonly outputGradients: readonly (tf.Tensor | null)[];
  /** Distinct tensors among the inputs, floats, to differentiate by. */
  readonly wanted: readonly tf.Tensor[];
}

/**
 * The vector-Jacobian product of one node: gradients with respect to the wanted inputs, null where the
 * node does not depend on one. The node is computed again for it, so that between nodes only values
 * of the graph are kept, not what operators make inside.
 * @throws UnsupportedError naming the layer where an operator has no gradient.
 */
export function nodeGradient(request: NodeGradientRequest): readonly (tf.Tensor | null)[] {
  const { node, outputGradients, wanted } = request;
  const run = LINEAR.has(node.operator.kind) ? () => withResultsUnread(request.run) : request.run;
  if (wanted.length === 0) return [];
  const [only = null] = outputGradients;
  const single = outputGradients.length === 1 && only !== null;
  const differentiated = (): tf.Tensor =>
    single ? firstOf(run()) : weightedSum(run(), outputGradients);
  const found: (tf.Tensor | null)[] = [];
  try {
    tf.tidy(() => {
      const dy = single ? only : undefined;
      found.push(...engineGradients(differentiated, wanted, dy).gradients);
      return found.filter((gradient) => gradient !== null);
    });
    return found;
  } catch (error) {
    throw explained(error, node);
  }
}

/** Operators that do nothing more with their products than add, cut, join and turn them. */
const LINEAR: ReadonlySet<Operator['kind']> = new Set(['dense', 'matMul', 'convolution']);

function firstOf([first]: readonly tf.Tensor[]): tf.Tensor {
  if (first === undefined) throw new Error('a node makes at least one output');
  return first;
}

/** A number whose gradient with respect to each output is what came back to that output. */
function weightedSum(
  outputs: readonly tf.Tensor[],
  weights: readonly (tf.Tensor | null)[],
): tf.Tensor {
  const terms = outputs.flatMap((output, i) => {
    const weight = weights[i] ?? null;
    return weight === null ? [] : [tf.sum(tf.mul(output, weight))];
  });
  return terms.reduce<tf.Tensor>((sum, term) => tf.add(sum, term), tf.scalar(0));
}

/** The engine tells a missing gradient by its message only. */
function explained(error: unknown, { layer, operator }: GraphNode): unknown {
  const missing = /Cannot compute gradient.*not found for (\w+)/.exec(String(error))?.[1];
  if (missing === undefined) return error;
  return new UnsupportedError({
    feature: `the gradient of layer ${layer}`,
    found: `operator ${operator.kind} (${missing})`,
    supported: 'operators with a gradient, as docs/operators.md lists them',
  });
}
