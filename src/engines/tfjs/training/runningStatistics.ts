import * as tf from '@tensorflow/tfjs-core';
import type { GraphNode } from '../../../core/graph/graph';
import type { Parameters } from '../parameters';
import type { BatchStatistics } from './nodeRunners';

/**
 * What batch normalization layers saw during one step. It goes into the running statistics only when
 * the step is done, so that a step that fails changes nothing.
 */
export class RunningStatistics {
  private readonly seen: { readonly node: GraphNode; readonly batch: BatchStatistics }[] = [];

  constructor(private readonly parameters: Parameters) {}

  /** Takes over the tensors. */
  add(node: GraphNode, batch: BatchStatistics): void {
    this.seen.push({ node, batch });
  }

  /** running = momentum * running + (1 - momentum) * batch, where the file holds the running ones. */
  update(): void {
    for (const { node, batch } of this.seen) {
      const { operator } = node;
      if (operator.kind !== 'batchNormalization') continue;
      this.move(node.inputs[3] ?? null, batch.mean, operator.momentum);
      this.move(node.inputs[4] ?? null, batch.variance, operator.momentum);
    }
  }

  dispose(): void {
    for (const { batch } of this.seen) {
      batch.mean.dispose();
      batch.variance.dispose();
    }
    this.seen.length = 0;
  }

  private move(value: string | null, batch: tf.Tensor, momentum: number): void {
    const running = value === null ? undefined : this.parameters.get(value);
    if (value === null || running === undefined) return;
    const moved = tf.tidy(() => tf.add(tf.mul(running, momentum), tf.mul(batch, 1 - momentum)));
    this.parameters.put(value, moved);
  }
}
