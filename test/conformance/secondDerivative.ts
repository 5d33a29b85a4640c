import * as tf from '@tensorflow/tfjs-core';
import type { GraphNode } from '../../src/core/graph/graph';
import { createRandom } from '../../src/core/random';
import type { ReferenceArray } from '../../src/engines/reference/referenceArray';
import { runReference } from '../../src/engines/reference/runReference';
import { nodeGradient } from '../../src/engines/tfjs/gradients/nodeGradient';
import { TangentScope } from '../../src/engines/tfjs/gradients/tangents/tangentScope';
import { runNode } from '../../src/engines/tfjs/runNode';
import type { ConformanceCase } from './conformanceCase';
import { upload } from './measureConformance';

/** Small against the distance of drawn values from each other, large against the rounding of float64. */
const STEP = 1e-5;

/** By input; null where it does not move. */
type Directions = readonly (Float32Array | null)[];

/** A difference and what it is a difference of, with the size of the terms that were added up. */
export interface Compared {
  readonly found: number;
  readonly expected: number;
  readonly size: number;
}

/** An operator whose inputs move along directions. */
export class MovingCase {
  private readonly inputs: readonly (tf.Tensor | null)[];
  private readonly node: GraphNode;
  private readonly random: () => number;

  constructor(
    private readonly testCase: ConformanceCase,
    seed: number,
  ) {
    const random = createRandom(seed);
    this.random = () => (random.bits() / 2 ** 31 - 1) * 2;
    this.inputs = testCase.inputs.map((input) => (input === null ? null : upload(input)));
    this.node = { id: 'y', layer: 'y', operator: testCase.operator, inputs: [], outputs: [] };
  }

  /** Numbers for each float input. */
  draw(): Directions {
    return this.testCase.inputs.map((input) =>
      input?.type === 'float32' ? Float32Array.from(input.values, this.random) : null,
    );
  }

  drawFor(outputs: readonly ReferenceArray[]): Directions {
    return outputs.map(({ type, values }) =>
      type === 'float32'
        ? Float32Array.from(values, (value) => (Number.isFinite(value) ? this.random() : 0))
        : null,
    );
  }

  /** How the weighted outputs move, and the central difference of the definition. */
  forward(along: Directions, weights: Directions): Compared {
    const moved = this.inScope(along, (scope) => {
      const outputs = scope.run(() => this.outputs());
      const tangents = outputs.map((output) => scope.take(output));
      const values = tangents.map((tangent) => tangent?.dataSync<'float32'>() ?? null);
      for (const tensor of [...outputs, ...tangents]) tensor?.dispose();
      return values;
    });
    const terms = moved.flatMap((values, i) => {
      const own = weights[i] ?? null;
      return values === null || own === null
        ? []
        : Array.from(own, (w, k) => weighed(w, values[k]));
    });
    const difference =
      this.definition(along, STEP, weights) - this.definition(along, -STEP, weights);
    return { found: sum(terms), expected: difference / (2 * STEP), size: sizeOf(terms) };
  }

  /** How the gradient of the weighted outputs moves along one direction, added up along another. */
  backward(along: Directions, across: Directions, weights: Directions): Omit<Compared, 'expected'> {
    const floats = this.inputs.flatMap((input, i) =>
      along[i] === null ? [] : ([[input, i]] as const),
    );
    const wanted = floats.flatMap(([input]) => (input === null ? [] : [input]));
    const outputs = this.outputs();
    const outputGradients = weights.map((own, i) => {
      const output = outputs[i];
      return own === null || output === undefined ? null : tf.tensor(own, output.shape);
    });
    for (const output of outputs) output.dispose();
    const moved = this.inScope(along, (scope) => {
      const run = (): readonly tf.Tensor[] => runNode(this.node, this.inputs);
      const gradients = scope.run(() =>
        nodeGradient({ node: this.node, run, outputGradients, wanted }),
      );
      const tangents = gradients.map((one) => (one === null ? null : scope.take(one)));
      const values = tangents.map((tangent) => tangent?.dataSync<'float32'>() ?? null);
      for (const tensor of [...gradients, ...tangents]) tensor?.dispose();
      return values;
    });
    for (const tensor of outputGradients) tensor?.dispose();
    const terms = floats.flatMap(([, input], i) => {
      const values = moved[i] ?? null;
      return values === null
        ? []
        : Array.from(values, (value, k) => weighed(across[input]?.[k] ?? 0, value));
    });
    return { found: sum(terms), size: sizeOf(terms) };
  }

  dispose(): void {
    for (const input of this.inputs) input?.dispose();
  }

  private outputs(): tf.Tensor[] {
    return tf.tidy(() => [...runNode(this.node, this.inputs)]);
  }

  private inScope<T>(along: Directions, compute: (scope: TangentScope) => T): T {
    const scope = new TangentScope();
    const tangents = along.map((own, i) => {
      const input = this.inputs[i] ?? null;
      if (own === null || input === null) return null;
      const tangent = tf.tensor(own, input.shape);
      scope.put(input, tangent);
      return tangent;
    });
    try {
      return compute(scope);
    } finally {
      scope.dispose();
      for (const tangent of tangents) tangent?.dispose();
    }
  }

  private definition(along: Directions, step: number, weights: Directions): number {
    const inputs = this.testCase.inputs.map((input, i) => {
      const own = along[i] ?? null;
      if (input === null || own === null) return input;
      return { ...input, values: input.values.map((value, k) => value + step * (own[k] ?? 0)) };
    });
    const outputs = runReference(this.testCase.operator, inputs);
    return sum(
      outputs.flatMap(({ values }, i) =>
        Array.from(weights[i] ?? [], (weight, k) => weighed(weight, values[k])),
      ),
    );
  }
}

/** Nothing where it has no weight, whatever stands there. */
function weighed(weight: number, value: number | undefined): number {
  return weight === 0 ? 0 : weight * (value ?? NaN);
}

function sum(terms: readonly number[]): number {
  return terms.reduce((total, term) => total + term, 0);
}

function sizeOf(terms: readonly number[]): number {
  return terms.reduce((total, term) => total + Math.abs(term), 0);
}
