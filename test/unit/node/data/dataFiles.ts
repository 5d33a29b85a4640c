import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { encodeNpz, type NamedArray } from '../../../../src/core/formats/numpy/encodeNpz';
import type { Graph } from '../../../../src/core/graph/graph';
import { temporaryFolder } from '../../../helpers/fixtures';

/** Writes a text file that is gone when the test ends. */
export async function writeText(t: TestContext, text: string, name = 'data.csv'): Promise<string> {
  const file = path.join(await temporaryFolder(t), name);
  await writeFile(file, text);
  return file;
}

/** Writes float32 arrays as an npz that is gone when the test ends. */
export async function writeNpz(t: TestContext, arrays: readonly NamedArray[]): Promise<string> {
  const file = path.join(await temporaryFolder(t), 'data.npz');
  await writeFile(file, encodeNpz(arrays));
  return file;
}

/** 0, 1, 2, … in the given shape. */
export function countingArray(name: string, ...shape: readonly number[]): NamedArray {
  const count = shape.reduce((product, size) => product * size, 1);
  return { name, shape, values: Float32Array.from({ length: count }, (_, i) => i) };
}

/** A graph that gives its inputs back; `dataFormat` where something behind them reads images. */
export function graphTaking(
  shapes: Readonly<Record<string, readonly number[]>>,
  dataFormat?: 'channelsFirst' | 'channelsLast',
): Graph {
  const names = Object.keys(shapes);
  const [first = ''] = names;
  const pool = { kind: 'globalPool', mode: 'max', keepDims: false } as const;
  return {
    inputs: names.map((name) => ({
      value: name,
      name,
      shape: [-1, ...(shapes[name] ?? [])],
      type: 'float32',
    })),
    parameters: [],
    constants: [],
    outputs: [{ value: first, name: first }],
    nodes:
      dataFormat === undefined
        ? []
        : [
            {
              id: 'pool',
              layer: 'pool',
              operator: { ...pool, dataFormat },
              inputs: [first],
              outputs: ['pool'],
            },
          ],
  };
}
