import * as tf from '@tensorflow/tfjs-core';
import type { GraphNode } from '../../../core/graph/graph';
import type { GraphValues, NodeRunner } from '../forwardPass';
import type { PreparedGraph } from '../preparedGraph';
import type { Turns } from '../turns';
import type { DifferentiablePath } from './differentiablePath';
import { nodeGradient } from './nodeGradient';

/** A run of the graph whose values are still there, to be gone through backwards. */
export interface BackwardPass {
  readonly prepared: PreparedGraph;
  readonly path: DifferentiablePath;
  readonly values: GraphValues;
  readonly runNode: NodeRunner;
  /** Values whose gradient is wanted. */
  readonly wanted: ReadonlySet<string>;
  readonly turns: Turns;
}

/** Gradients that have come back so far, by value id. */
export class GradientSums {
  private readonly sums = new Map<string, tf.Tensor>();

  /** Takes over the tensor. */
  add(value: string, gradient: tf.Tensor): void {
    const before = this.sums.get(value);
    this.sums.set(value, before === undefined ? gradient : tf.add(before, gradient));
    if (before === undefined) return;
    before.dispose();
    gradient.dispose();
  }

  get(value: string): tf.Tensor | undefined {
    return this.sums.get(value);
  }

  /** Hands over the gradients of these values; those that nothing came back to are left out. */
  take(values: readonly string[]): ReadonlyMap<string, tf.Tensor> {
    const taken = new Map<string, tf.Tensor>();
    for (const value of values) {
      const sum = this.sums.get(value);
      if (sum !== undefined) taken.set(value, sum);
      this.sums.delete(value);
    }
    return taken;
  }

  release(value: string): void {
    this.sums.get(value)?.dispose();
    this.sums.delete(value);
  }

  dispose(): void {
    for (const sum of this.sums.values()) sum.dispose();
    this.sums.clear();
  }
}

/**
 * Reverse mode, node by node. `sums` begins with the gradients of the objective's values and ends
 * with those of the wanted ones; values of the run are freed as they have served, but for wanted ones and outputs.
 * @throws UnsupportedError where an operator has no gradient; CancelledError between nodes.
 */
export async function runBackward(pass: BackwardPass, sums: GradientSums): Promise<void> {
  const { graph } = pass.prepared;
  const stays = new Set([...pass.wanted, ...graph.outputs.map(({ value }) => value)]);
  for (const index of pass.path.nodes.toReversed()) {
    await pass.turns.take();
    const node = graph.nodes[index];
    if (node === undefined) continue;
    passBack(node, pass, sums);
    for (const value of node.outputs) {
      if (value === null) continue;
      if (!pass.wanted.has(value)) sums.release(value);
      if (!stays.has(value)) pass.values.release(value);
    }
  }
}

function passBack(node: GraphNode, pass: BackwardPass, sums: GradientSums): void {
  const outputGradients = node.outputs.map((value) =>
    value === null ? null : (sums.get(value) ?? null),
  );
  if (outputGradients.every((gradient) => gradient === null)) return;
  const wanted = differentiableInputs(node, pass);
  const gradients = nodeGradient({
    node,
    run: () => pass.runNode(node, pass.values.inputsOf(node)),
    outputGradients,
    wanted: wanted.map((value) => pass.values.get(value)),
  });
  wanted.forEach((value, i) => {
    const gradient = gradients[i];
    if (gradient !== undefined && gradient !== null) sums.add(value, gradient);
  });
}

/** Distinct floats among the inputs that a wanted value leads to. */
export function differentiableInputs(
  node: GraphNode,
  { path, values }: Pick<BackwardPass, 'path' | 'values'>,
): readonly string[] {
  const reached = new Set<string>();
  for (const value of node.inputs) {
    if (value === null || !path.reached.has(value)) continue;
    if (values.get(value).dtype === 'float32') reached.add(value);
  }
  return [...reached];
}
