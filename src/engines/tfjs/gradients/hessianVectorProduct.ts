import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedError } from '../../../core/errors';
import type { DenseArray, LossObjective, LossSum } from '../../../core/graph/executor';
import type { GraphNode } from '../../../core/graph/graph';
import { bindInputs, GraphValues } from '../forwardPass';
import type { Parameters } from '../parameters';
import type { PreparedGraph } from '../preparedGraph';
import { inInference } from '../training/nodeRunners';
import type { Turns } from '../turns';
import { differentiableInputs, GradientSums } from './backwardPass';
import { logitsCandidates, startBackward } from './differentiate';
import { type DifferentiablePath, differentiablePath } from './differentiablePath';
import { nodeGradient } from './nodeGradient';
import { MissingTangentError, TangentScope } from './tangents/tangentScope';

/** One batch to be differentiated twice. */
export interface HessianVectorJob {
  readonly prepared: PreparedGraph;
  readonly parameters: Parameters;
  readonly inputs: readonly DenseArray[];
  readonly objective: LossObjective | LossSum;
  /** By value id of a parameter, as the engine holds it; borrowed. */
  readonly vectors: ReadonlyMap<string, tf.Tensor>;
  /** Value ids of the parameters whose part of the product is wanted. */
  readonly wanted: readonly string[];
  readonly turns: Turns;
}

/**
 * H v of a batch, by value id: the tangent of the gradient when the parameters move along v. Forward with tangents,
 * then backward with tangents, node by node. The caller frees the sums.
 * @throws UnsupportedError naming the layer where an operator has no second derivative; CancelledError.
 */
export async function hessianVectorProduct(job: HessianVectorJob): Promise<GradientSums> {
  const pass = new SecondOrderPass(job);
  try {
    await pass.forward();
    pass.start();
    await pass.backward();
    return pass.handOver();
  } finally {
    pass.dispose();
  }
}

class SecondOrderPass {
  private readonly values: GraphValues;
  private readonly path: DifferentiablePath;
  /** Of the values: how they move. */
  private readonly tangents = new GradientSums();
  private readonly gradients = new GradientSums();
  /** Of the gradients. */
  private products = new GradientSums();

  constructor(private readonly job: HessianVectorJob) {
    const { prepared, parameters, vectors, wanted } = job;
    this.values = new GraphValues(prepared, parameters);
    const outputs = prepared.graph.outputs.map(({ value }) => value);
    this.path = differentiablePath(prepared.graph, [...wanted, ...vectors.keys()], outputs);
  }

  async forward(): Promise<void> {
    const { prepared, inputs, objective, turns } = this.job;
    bindInputs(prepared.graph, inputs, this.values);
    const kept = new Set([...this.path.kept, ...logitsCandidates(prepared, objective)]);
    for (const [index, node] of prepared.graph.nodes.entries()) {
      await turns.take();
      const made = valuesOf(node.outputs);
      this.inScope(node, valuesOf(node.inputs), (scope) => {
        this.runNode(node, scope);
        for (const value of made) this.keepTangent(scope, value);
      });
      for (const value of prepared.releases[index] ?? []) {
        if (kept.has(value)) continue;
        this.values.release(value);
        this.tangents.release(value);
      }
    }
  }

  /** The gradient of the objective at the values that it is taken of, and how it moves. */
  start(): void {
    const { prepared, objective } = this.job;
    const taken = [
      ...prepared.graph.outputs.map(({ value }) => value),
      ...logitsCandidates(prepared, objective),
    ];
    this.inScope(null, taken, (scope) => {
      scope.run(() => startBackward({ prepared, objective }, this.values, this.gradients));
      for (const value of new Set(taken)) this.keepGradientTangent(scope, value);
    });
  }

  async backward(): Promise<void> {
    const { prepared, turns } = this.job;
    for (const index of this.path.nodes.toReversed()) {
      await turns.take();
      const node = prepared.graph.nodes[index];
      if (node === undefined) continue;
      this.passBack(node);
      for (const value of valuesOf(node.outputs)) {
        this.gradients.release(value);
        this.products.release(value);
        this.values.release(value);
        this.tangents.release(value);
      }
    }
  }

  handOver(): GradientSums {
    const { products } = this;
    this.products = new GradientSums();
    return products;
  }

  dispose(): void {
    this.values.dispose();
    this.tangents.dispose();
    this.gradients.dispose();
    this.products.dispose();
  }

  private runNode(node: GraphNode, scope: TangentScope): void {
    const { values } = this;
    const run = (): tf.Tensor[] => tf.tidy(() => [...inInference(node, values.inputsOf(node))]);
    const outputs = scope.run(run);
    node.outputs.forEach((value, i) => {
      const output = outputs[i];
      if (output === undefined) throw new Error(`layer ${node.layer} made no output ${i}`);
      if (value === null) output.dispose();
      else values.set(value, output);
    });
  }

  private passBack(node: GraphNode): void {
    const outputGradients = node.outputs.map((value) =>
      value === null ? null : (this.gradients.get(value) ?? null),
    );
    if (outputGradients.every((gradient) => gradient === null)) return;
    const { path, values } = this;
    const wanted = differentiableInputs(node, { path, values });
    this.inScope(node, valuesOf(node.inputs), (scope) => {
      node.outputs.forEach((value, i) => {
        const product = value === null ? undefined : this.products.get(value);
        const gradient = outputGradients[i] ?? null;
        if (product !== undefined && gradient !== null) scope.put(gradient, product);
      });
      const found = scope.run(() =>
        nodeGradient({
          node,
          run: () => inInference(node, values.inputsOf(node)),
          outputGradients,
          wanted: wanted.map((value) => values.get(value)),
        }),
      );
      wanted.forEach((value, i) => {
        const gradient = found[i] ?? null;
        if (gradient === null) return;
        const product = scope.take(gradient);
        if (product !== null) this.products.add(value, product);
        this.gradients.add(value, gradient);
      });
    });
  }

  /** With the tangents of some values put into a scope of its own. */
  private inScope(
    node: GraphNode | null,
    moving: readonly string[],
    compute: (scope: TangentScope) => void,
  ): void {
    const scope = new TangentScope();
    try {
      for (const value of moving) {
        const tangent = this.job.vectors.get(value) ?? this.tangents.get(value);
        if (tangent !== undefined) scope.put(this.values.get(value), tangent);
      }
      compute(scope);
    } catch (error) {
      throw explained(error, node);
    } finally {
      scope.dispose();
    }
  }

  private keepTangent(scope: TangentScope, value: string): void {
    const tangent = scope.take(this.values.get(value));
    if (tangent !== null) this.tangents.add(value, tangent);
  }

  private keepGradientTangent(scope: TangentScope, value: string): void {
    const gradient = this.gradients.get(value);
    const tangent = gradient === undefined ? null : scope.take(gradient);
    if (tangent !== null) this.products.add(value, tangent);
  }
}

function valuesOf(values: readonly (string | null)[]): readonly string[] {
  return values.filter((value) => value !== null);
}

function explained(error: unknown, node: GraphNode | null): unknown {
  if (!(error instanceof MissingTangentError)) return error;
  const place = node === null ? 'the loss' : `layer ${node.layer}`;
  const operator = node === null ? 'its kernel' : `operator ${node.operator.kind}`;
  return new UnsupportedError({
    feature: `the second derivative of ${place}`,
    found: `${operator} (${error.kernel})`,
    supported: 'operators whose kernels have one; criteria by first derivatives work',
  });
}
