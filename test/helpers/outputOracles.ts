import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import type { EnginePreference } from '../../src/core/graph/engineChoice';
import type { DenseArray, Executor } from '../../src/core/graph/executor';
import type { Model } from '../../src/core/model/model';
import { createExecutor } from '../../src/engines/chooseEngine';
import { openModelFile } from '../../src/node/openModel';
import type { Architecture } from '../../src/core/recipe/recipe';
import { fixturePath } from './fixtures';
import { numberedArrays, readArrays } from './npzArrays';
import { relativeDifference } from './outputDifference';

/** A fixture with what the framework that made it gives for 16 inputs. */
export interface OutputOracle {
  /** Below test/fixtures, e.g. `onnx/lenet5_legacy.onnx`. */
  readonly model: string;
  /** Below test/fixtures/oracles/outputs. */
  readonly arrays: string;
  readonly architecture: Architecture | null;
  readonly tolerance: Tolerance;
}

/**
 * How outputs compare: |a - b| <= limit max(1, max |b|), or the same largest output, because integer kernels
 * differ from machine to machine.
 */
export type Tolerance =
  { readonly kind: 'difference'; readonly limit: number } | { readonly kind: 'largest-output' };

/** How far outputs are from the oracle's. */
export interface OutputDifference {
  /** The largest |a - b| / max(1, max |b|) over all outputs. */
  readonly difference: number;
  /** Samples whose largest output is another one, over all outputs. */
  readonly otherLargest: number;
  readonly samples: number;
}

/** Of numpy/iris_mlp.npz: 4-8-3, sigmoid after both. */
const irisArchitecture: Architecture = {
  axisOrder: 'in-out',
  layers: [
    { kernel: 'W1', bias: 'b1', activation: 'sigmoid' },
    { kernel: 'W2', bias: 'b2', activation: 'sigmoid' },
  ],
};

/** Every oracle of the given folders of fixtures, by name. */
export async function outputOracles(folders: readonly string[]): Promise<readonly OutputOracle[]> {
  const names = (await readdir(fixturePath('oracles/outputs'))).sort();
  return names
    .filter((name) => folders.some((folder) => name.startsWith(`${folder}__`)))
    .map(oracleOf);
}

/** What an engine gives for the oracle's inputs, beside the oracle's outputs. */
export async function runOracle(
  oracle: OutputOracle,
  preference: EnginePreference,
): Promise<{ readonly engine: string } & OutputDifference> {
  const { architecture } = oracle;
  const arrays = await readOracleArrays(oracle);
  const opened = await openModelFile(fixturePath(oracle.model), { architecture });
  try {
    const executor = await createExecutor(opened.model, {
      cuts: [],
      choice: { preference, native: { kind: 'absent' } },
      inputShapes: arrays.inputs.map(({ shape }) => shape),
    });
    try {
      const outputs = await runWhole(executor, arrays.inputs, opened.model);
      return { engine: executor.engine, ...compareOutputs(outputs, arrays.outputs) };
    } finally {
      executor.dispose();
    }
  } finally {
    await opened.close();
  }
}

/** Whether the outputs are as close as the oracle asks. */
export function keepsTolerance({ tolerance }: OutputOracle, found: OutputDifference): boolean {
  return tolerance.kind === 'difference'
    ? found.difference <= tolerance.limit
    : found.otherLargest === 0;
}

/** The oracle's inputs and outputs, in their order. */
export async function readOracleArrays(oracle: OutputOracle): Promise<{
  readonly inputs: readonly DenseArray[];
  readonly outputs: readonly DenseArray[];
}> {
  const arrays = await readArrays(`oracles/outputs/${oracle.arrays}`);
  return { inputs: numberedArrays(arrays, 'input'), outputs: numberedArrays(arrays, 'output') };
}

/** At once where the graph leaves the batch open, else sample by sample. */
async function runWhole(
  executor: Executor,
  inputs: readonly DenseArray[],
  { graph }: Model,
): Promise<readonly DenseArray[]> {
  const samples = inputs[0]?.shape[0] ?? 0;
  if (graph?.inputs[0]?.shape[0] !== 1) return executor.run(inputs);
  const parts: (readonly DenseArray[])[] = [];
  for (let sample = 0; sample < samples; sample++) {
    parts.push(await executor.run(inputs.map((input) => sampleOf(input, sample))));
  }
  return (parts[0] ?? []).map((first, output) => ({
    shape: [samples, ...first.shape.slice(1)],
    values: Float32Array.from(parts.flatMap((part) => [...(part[output]?.values ?? [])])),
  }));
}

function sampleOf({ shape, values }: DenseArray, sample: number): DenseArray {
  const size = values.length / (shape[0] ?? 1);
  return {
    shape: [1, ...shape.slice(1)],
    values: values.slice(sample * size, (sample + 1) * size),
  };
}

function compareOutputs(
  found: readonly DenseArray[],
  expected: readonly DenseArray[],
): OutputDifference {
  assert.deepEqual(
    found.map(({ shape }) => [...shape]),
    expected.map(({ shape }) => [...shape]),
  );
  const all = expected.map((output, i) => compareOutput(found[i]!, output));
  return {
    difference: Math.max(...all.map(({ difference }) => difference)),
    otherLargest: all.reduce((sum, { otherLargest }) => sum + otherLargest, 0),
    samples: expected[0]?.shape[0] ?? 0,
  };
}

function compareOutput(found: DenseArray, expected: DenseArray): OutputDifference {
  const samples = expected.shape[0] ?? 1;
  const size = expected.values.length / samples;
  let otherLargest = 0;
  for (let at = 0; at < expected.values.length; at += size) {
    const largest = largestIndex(expected.values.subarray(at, at + size));
    if (largestIndex(found.values.subarray(at, at + size)) !== largest) otherLargest += 1;
  }
  return { difference: relativeDifference(found, expected), otherLargest, samples };
}

function largestIndex(values: Float32Array): number {
  return values.indexOf(Math.max(...values));
}

function oracleOf(arrays: string): OutputOracle {
  const [folder = '', file = ''] = arrays.replace(/\.npz$/, '').split('__');
  return {
    model: folder === 'tfjs' ? `tfjs/${file}/model.json` : `${folder}/${file}`,
    arrays,
    architecture: folder === 'numpy' ? irisArchitecture : null,
    tolerance: toleranceOf(file),
  };
}

function toleranceOf(file: string): Tolerance {
  if (file.includes('int8')) return { kind: 'largest-output' };
  if (file.includes('f16')) return { kind: 'difference', limit: 0.05 };
  const isRecurrentOrAttention = /lstm|gru|transformer/.test(file);
  return { kind: 'difference', limit: isRecurrentOrAttention ? 1e-4 : 1e-5 };
}
