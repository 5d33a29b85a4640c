import * as tf from '@tensorflow/tfjs-core';
import type { GraphNode } from '../../../core/graph/graph';
import type { NodeRunner } from '../forwardPass';
import { INFERENCE, type RunContext } from '../runContext';
import { runNode } from '../runNode';

/** Mean and variance over a batch, a value a channel. */
export interface BatchStatistics {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

/** One run of the network in training. */
export interface TrainingRun {
  /** Of dropout; with a node's id it tells which elements are dropped. */
  readonly seed: number;
  /** Receives, and then owns, what batch normalization layers saw. */
  readonly onStatistics?: (node: GraphNode, statistics: BatchStatistics) => void;
}

/** How nodes are run forward, and again on the way back, where what they report does not count twice. */
export interface NodeRunners {
  readonly forward: NodeRunner;
  readonly again: NodeRunner;
}

/** @param training null: in inference */
export function nodeRunners(training: TrainingRun | null): NodeRunners {
  if (training === null) return { forward: inInference, again: inInference };
  const { seed, onStatistics } = training;
  return {
    forward: (node, inputs) => {
      const takeStatistics: RunContext['takeStatistics'] = (mean, variance) => {
        // What is handed over outlives the node's tidy.
        onStatistics?.(node, { mean: tf.keep(mean), variance: tf.keep(variance) });
      };
      return runNode(node, inputs, { ...contextOf(node, seed), takeStatistics });
    },
    again: (node, inputs) => runNode(node, inputs, contextOf(node, seed)),
  };
}

/** One node in inference. */
export const inInference: NodeRunner = (node, inputs) => runNode(node, inputs, INFERENCE);

/** The same run and node drop the same elements each time, so that a node can be computed again. */
function contextOf({ id }: GraphNode, seed: number): RunContext {
  return { training: true, seed: (seed ^ hashOf(id)) >>> 0, takeStatistics: null };
}

/** Source: Fowler, Noll and Vo, FNV-1a, 32 bits, over UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash;
}
