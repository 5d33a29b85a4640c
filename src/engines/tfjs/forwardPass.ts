import * as tf from '@tensorflow/tfjs-core';
import { UsageError } from '../../core/errors';
import type { DenseArray } from '../../core/graph/executor';
import type { Graph, GraphInput, GraphNode } from '../../core/graph/graph';
import type { Parameters } from './parameters';
import type { PreparedGraph } from './preparedGraph';
import type { NodeInputs } from './nodeInputs';
import type { Turns } from './turns';

/** How one node is run: {@link runNode}, or what stands in for it in training. */
export type NodeRunner = (node: GraphNode, inputs: NodeInputs) => readonly tf.Tensor[];

/** The values of one run of a graph. What it made itself it frees; parameters and constants are borrowed. */
export class GraphValues {
  private readonly made = new Map<string, tf.Tensor>();

  constructor(
    private readonly prepared: PreparedGraph,
    private readonly parameters: Parameters,
  ) {}

  get(value: string): tf.Tensor {
    const tensor =
      this.made.get(value) ?? this.parameters.get(value) ?? this.prepared.constants.get(value);
    if (tensor === undefined) throw new Error(`value ${value} was not made`);
    return tensor;
  }

  /** What a node reads. */
  inputsOf(node: GraphNode): NodeInputs {
    return node.inputs.map((value) => (value === null ? null : this.get(value)));
  }

  /** Takes over a tensor. */
  set(value: string, tensor: tf.Tensor): void {
    this.made.set(value, tensor);
  }

  /** Frees a value that this run made; does nothing with others. */
  release(value: string): void {
    this.made.get(value)?.dispose();
    this.made.delete(value);
  }

  dispose(): void {
    for (const tensor of this.made.values()) tensor.dispose();
    this.made.clear();
  }
}

export interface ForwardPass {
  readonly prepared: PreparedGraph;
  readonly values: GraphValues;
  readonly runNode: NodeRunner;
  /** Values that are kept beside the outputs. */
  readonly kept: ReadonlySet<string>;
  readonly turns: Turns;
  /** Is shown each output of each node as soon as it is there, also those that nothing reads. */
  readonly onOutput?: (node: GraphNode, index: number, output: tf.Tensor) => void;
}

/**
 * Runs all nodes. Afterwards the values are those kept, the graph's outputs, and unused ones.
 * @throws CancelledError between nodes; what nodes throw.
 */
export async function runForward(pass: ForwardPass): Promise<void> {
  const { prepared, values, kept, turns } = pass;
  for (const [index, node] of prepared.graph.nodes.entries()) {
    await turns.take();
    runOne(node, pass);
    for (const value of prepared.releases[index] ?? []) {
      if (!kept.has(value)) values.release(value);
    }
  }
}

function runOne(node: GraphNode, { values, runNode, onOutput }: ForwardPass): void {
  const outputs = tf.tidy(() => [...runNode(node, values.inputsOf(node))]);
  node.outputs.forEach((value, i) => {
    const output = outputs[i];
    if (output === undefined) throw new Error(`layer ${node.layer} made no output ${i}`);
    onOutput?.(node, i, output);
    if (value === null) output.dispose();
    else values.set(value, output);
  });
}

/**
 * Puts the inputs of a batch onto the engine.
 * @throws UsageError where there are more or fewer than the graph has, or one has another shape.
 */
export function bindInputs(graph: Graph, inputs: readonly DenseArray[], values: GraphValues): void {
  assertInputs(graph, inputs);
  graph.inputs.forEach(({ value, type }, i) => {
    const given = inputs[i];
    if (given !== undefined) values.set(value, tf.tensor(given.values, [...given.shape], type));
  });
}

/** @throws UsageError where the inputs are not those of the graph. */
export function assertInputs(graph: Graph, inputs: readonly DenseArray[]): void {
  if (inputs.length !== graph.inputs.length) {
    throw new UsageError(`the model takes ${graph.inputs.length} inputs, but got ${inputs.length}`);
  }
  graph.inputs.forEach((input, i) => {
    assertInputShape(input, inputs[i]?.shape ?? []);
  });
}

function assertInputShape(input: GraphInput, shape: readonly number[]): void {
  const fits = input.shape.every((size, axis) => size === -1 || size === shape[axis]);
  if (fits && shape.length === input.shape.length) return;
  const wanted = input.shape.map((size) => (size === -1 ? 'any' : size)).join(', ');
  throw new UsageError(
    `input ${input.name}: found shape [${shape.join(', ')}]; the model takes [${wanted}]`,
  );
}
