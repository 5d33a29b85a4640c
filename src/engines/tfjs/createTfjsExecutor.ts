import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedError, UsageError } from '../../core/errors';
import type { DenseArray, Executor } from '../../core/graph/executor';
import type { Graph, GraphInput, GraphNode } from '../../core/graph/graph';
import { inferShapes } from '../../core/graph/inferShapes';
import { opaqueOperators } from '../../core/graph/opaqueOperators';
import type { Model } from '../../core/model/model';
import type { PlanEntry } from '../../core/report/plan';
import { loadParameters, type Parameters } from './parameters';
import { runNode } from './runNode';
import { startTfjs } from './startTfjs';

/**
 * Makes a model's graph ready to run on TensorFlow.js, with the cuts of a plan applied to its weights.
 * @throws UnsupportedError for a model without a graph or with operators outside the set; FormatError
 *   where the graph's nodes and tensors do not fit together.
 */
export async function createTfjsExecutor(
  model: Model,
  cuts: readonly PlanEntry[],
): Promise<Executor> {
  const graph = executableGraph(model);
  inferShapes(graph, model.tensors);
  const engine = await startTfjs();
  return new TfjsExecutor(engine, graph, await loadParameters(model, graph, cuts));
}

/**
 * The model's graph.
 * @throws UnsupportedError where there is none, or where it has operators that cannot be run.
 */
export function executableGraph(model: Model): Graph {
  const { graph } = model;
  const supported = 'a model whose file, or whose recipe, says how its layers are connected';
  if (graph === undefined) {
    const found = model.graphMissing ?? 'no graph';
    throw new UnsupportedError({ feature: 'running the model', found, supported });
  }
  const opaque = opaqueOperators(graph);
  if (opaque.length === 0) return graph;
  throw new UnsupportedError({
    feature: 'running the model',
    found: `operators ${opaque.join(', ')}`,
    supported: 'dense, convolution, pooling, normalization, activation and merge layers',
  });
}

class TfjsExecutor implements Executor {
  /** By node: the values that no later node, and no output, needs. */
  private readonly releases: readonly (readonly string[])[];

  constructor(
    readonly engine: string,
    private readonly graph: Graph,
    private readonly parameters: Parameters,
  ) {
    this.releases = releasesOf(graph);
  }

  async run(inputs: readonly DenseArray[]): Promise<readonly DenseArray[]> {
    const values = this.bindInputs(inputs);
    try {
      this.graph.nodes.forEach((node, index) => {
        this.runOne(node, values);
        for (const value of this.releases[index] ?? []) release(values, value);
      });
      const outputs = this.graph.outputs.map(({ value }) => this.valueOf(values, value));
      return await Promise.all(outputs.map(download));
    } finally {
      for (const tensor of values.values()) tensor.dispose();
    }
  }

  dispose(): void {
    for (const tensor of this.parameters.values()) tensor.dispose();
  }

  private bindInputs(inputs: readonly DenseArray[]): Map<string, tf.Tensor> {
    const wanted = this.graph.inputs;
    if (inputs.length !== wanted.length) {
      throw new UsageError(`the model takes ${wanted.length} inputs, but got ${inputs.length}`);
    }
    const values = new Map<string, tf.Tensor>();
    wanted.forEach((input, i) => {
      const given = inputs[i];
      if (given === undefined) return;
      assertInputShape(input, given.shape);
      values.set(input.value, tf.tensor(given.values, [...given.shape], input.type));
    });
    return values;
  }

  private runOne(node: GraphNode, values: Map<string, tf.Tensor>): void {
    const inputs = node.inputs.map((value) =>
      value === null ? null : this.valueOf(values, value),
    );
    const outputs = tf.tidy(() => [...runNode(node, inputs)]);
    node.outputs.forEach((value, i) => {
      const output = outputs[i];
      if (output === undefined) throw new Error(`layer ${node.layer} made no output ${i}`);
      if (value === null) output.dispose();
      else values.set(value, output);
    });
  }

  private valueOf(values: ReadonlyMap<string, tf.Tensor>, value: string): tf.Tensor {
    const tensor = values.get(value) ?? this.parameters.get(value);
    if (tensor === undefined) throw new Error(`value ${value} was not made`);
    return tensor;
  }
}

function assertInputShape(input: GraphInput, shape: readonly number[]): void {
  const fits = input.shape.every((size, axis) => size === -1 || size === shape[axis]);
  if (fits && shape.length === input.shape.length) return;
  const wanted = input.shape.map((size) => (size === -1 ? 'any' : size)).join(', ');
  throw new UsageError(
    `input ${input.name}: found shape [${shape.join(', ')}]; the model takes [${wanted}]`,
  );
}

function release(values: Map<string, tf.Tensor>, value: string): void {
  values.get(value)?.dispose();
  values.delete(value);
}

async function download(tensor: tf.Tensor): Promise<DenseArray> {
  return { shape: tensor.shape, values: Float32Array.from(await tensor.data()) };
}

function releasesOf(graph: Graph): readonly (readonly string[])[] {
  const kept = new Set(graph.outputs.map(({ value }) => value));
  const releases: string[][] = graph.nodes.map(() => []);
  const seen = new Set<string>();
  for (let index = graph.nodes.length - 1; index >= 0; index--) {
    const node = graph.nodes[index];
    if (node === undefined) continue;
    for (const value of [...node.inputs, ...node.outputs]) {
      if (value === null || seen.has(value) || kept.has(value)) continue;
      seen.add(value);
      releases[index]?.push(value);
    }
  }
  return releases;
}
