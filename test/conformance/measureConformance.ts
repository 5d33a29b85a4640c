import * as tf from '@tensorflow/tfjs-core';
import { inferOutputs } from '../../src/core/graph/shapes/inferOutputs';
import type { ReferenceArray } from '../../src/engines/reference/referenceArray';
import { runReference } from '../../src/engines/reference/runReference';
import { runNode } from '../../src/engines/tfjs/runNode';
import type { ConformanceCase, OperatorKind } from './conformanceCase';
import { conformanceCases } from './conformanceCases';
import { directionalDifferences } from './directionalDerivative';

/** How far an operator on the engine is from its definition in float64, over all its cases. */
export interface Conformance {
  readonly kind: OperatorKind;
  readonly cases: number;
  /** Largest |a - b| / max(1, max |b|). */
  readonly forward: number;
  /** Of directional derivatives; null where there is nothing to differentiate. */
  readonly derivative: number | null;
  /** Cases beyond the bounds, in words. */
  readonly failures: readonly string[];
}

/** Relative; recurrent networks repeat their rounding at each step. */
function forwardBound(kind: OperatorKind): number {
  return kind === 'recurrent' ? 1e-4 : 1e-5;
}

const DERIVATIVE_BOUND = 1e-3;

/** Runs every case of an operator on the current backend, forward and backward. */
export function measureConformance(kind: OperatorKind): Conformance {
  const failures: string[] = [];
  const derivatives: number[] = [];
  let forward = 0;
  const cases = conformanceCases(kind);
  cases.forEach((testCase, index) => {
    const fail = (reason: string): void => {
      failures.push(`${kind} case ${index}: ${reason}\n${describe(testCase)}`);
    };
    try {
      const expected = runReference(testCase.operator, testCase.inputs);
      for (const reason of factMisfits(testCase, expected)) fail(reason);
      const difference = forwardDifference(testCase, expected, fail);
      forward = Math.max(forward, difference);
      if (!(difference <= forwardBound(kind))) fail(`forward differs by ${difference}`);
      const found = directionalDifferences(testCase, expected, index);
      derivatives.push(...found);
      const worst = Math.max(0, ...found);
      if (!(worst <= DERIVATIVE_BOUND)) fail(`a directional derivative differs by ${worst}`);
    } catch (error) {
      fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  });
  const derivative = derivatives.length === 0 ? null : Math.max(...derivatives);
  return { kind, cases: cases.length, forward, derivative, failures };
}

function describe({ operator, inputs }: ConformanceCase): string {
  const shapes = inputs.map((input) =>
    input === null ? 'none' : `${input.type}[${input.shape.join(', ')}]`,
  );
  return `${JSON.stringify(operator)} of ${shapes.join(', ')}`;
}

/** What inferOutputs says otherwise than the definition gives. */
function factMisfits(
  { operator, inputs }: ConformanceCase,
  expected: readonly ReferenceArray[],
): readonly string[] {
  const facts = inferOutputs(
    operator,
    inputs,
    (found, allowed) => new Error(`found ${found}; allowed: ${allowed}`),
  );
  const said = JSON.stringify(facts?.map(({ shape, type }) => ({ shape, type })));
  const made = JSON.stringify(expected.map(({ shape, type }) => ({ shape, type })));
  return said === made ? [] : [`inferOutputs says ${said}, the definition gives ${made}`];
}

/** As a tensor of the engine. */
export function upload({ shape, type, values }: ReferenceArray): tf.Tensor {
  const typed =
    type === 'float32'
      ? Float32Array.from(values)
      : type === 'int32'
        ? Int32Array.from(values)
        : Uint8Array.from(values);
  return tf.tensor(typed, [...shape], type);
}

function forwardDifference(
  { operator, inputs }: ConformanceCase,
  expected: readonly ReferenceArray[],
  fail: (reason: string) => void,
): number {
  return tf.tidy(() => {
    const tensors = inputs.map((input) => (input === null ? null : upload(input)));
    const node = { id: 'y', layer: 'y', operator, inputs: [], outputs: [] };
    const outputs = runNode(node, tensors);
    if (outputs.length !== expected.length) fail(`${outputs.length} outputs`);
    const differences = outputs.map((output, i) => {
      const wanted = expected[i];
      if (wanted === undefined) return 0;
      const isFresh = !tensors.includes(output);
      if (!isFresh) fail('an output is an input');
      const [made, defined] = [factsOf(output), factsOf(wanted)];
      if (made !== defined) fail(`the engine gives ${made}, the definition ${defined}`);
      return largestDifference(output.dataSync(), wanted);
    });
    return Math.max(0, ...differences);
  });
}

function factsOf(value: tf.Tensor | ReferenceArray): string {
  return `${'dtype' in value ? value.dtype : value.type}[${value.shape.join(', ')}]`;
}

/** Integers and bools must be the same. */
function largestDifference(found: ArrayLike<number>, { values, type }: ReferenceArray): number {
  const finite = values.filter(Number.isFinite);
  const scale = finite.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
  let largest = 0;
  values.forEach((value, i) => {
    const other = found[i] ?? NaN;
    if (Object.is(other, value) || other === value) return;
    largest = Math.max(largest, type === 'float32' ? Math.abs(other - value) / scale : Infinity);
    if (Number.isNaN(other - value)) largest = Infinity;
  });
  return largest;
}
