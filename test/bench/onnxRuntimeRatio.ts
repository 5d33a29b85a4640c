import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-web';
import type { Executor } from '../../src/core/graph/executor';
import { createExecutor } from '../../src/engines/chooseEngine';
import { openModelFile } from '../../src/node/openModel';

export interface RatioRequest {
  /** An ONNX file with one float32 input and its weights inside. */
  readonly file: string;
  /** Of the input, with the batch first. */
  readonly shape: readonly number[];
  readonly rounds: number;
  readonly runsEachRound: number;
}

export interface Ratio {
  /** Milliseconds of one run: the median over the rounds. */
  readonly library: number;
  readonly ours: number;
  /** The median of the rounds' own ratios, ours to the library's. */
  readonly ratio: number;
}

/** Times our executor over ONNX Runtime beside the library called alone, in turn, in one process. */
export async function onnxRuntimeRatio(request: RatioRequest): Promise<Ratio> {
  const { file, shape, rounds, runsEachRound } = request;
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
    Math.sin(i),
  );
  const executor = await openExecutor(file);
  const session = await ort.InferenceSession.create(await readFile(file));
  const [name = ''] = session.inputNames;
  const ours = (): Promise<unknown> => executor.run([{ shape, values }]);
  const library = (): Promise<unknown> =>
    session.run({ [name]: new ort.Tensor('float32', values, shape) });
  const times: { library: number; ours: number }[] = [];
  try {
    await library();
    await ours();
    for (let round = 0; round < rounds; round++) {
      const alone = await timeOf(library, runsEachRound);
      times.push({ library: alone, ours: await timeOf(ours, runsEachRound) });
    }
  } finally {
    executor.dispose();
    await session.release();
  }
  return {
    library: median(times.map((time) => time.library)),
    ours: median(times.map((time) => time.ours)),
    ratio: median(times.map((time) => time.ours / time.library)),
  };
}

async function openExecutor(file: string): Promise<Executor> {
  const opened = await openModelFile(file);
  try {
    const choice = { preference: 'onnxruntime', native: { kind: 'absent' } } as const;
    return await createExecutor(opened.model, { cuts: [], choice });
  } finally {
    await opened.close();
  }
}

async function timeOf(run: () => Promise<unknown>, runs: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < runs; i++) await run();
  return (performance.now() - start) / runs;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
