// Training LeNet-5: how a step on our engine compares with tfjs-layers, and whether memory stays flat.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { DenseArray, TrainingStep } from '../../src/core/graph/executor';
import { createTfjsExecutor } from '../../src/engines/tfjs/createTfjsExecutor';
import { startTfjs } from '../../src/engines/tfjs/startTfjs';
import { loadTfjsNode } from '../../src/engines/tfjsNode/loadTfjsNode';
import { openModelFile } from '../../src/node/openModel';
import { fixturePath } from '../helpers/fixtures';
import { seededRandom } from '../helpers/random';

const FIXTURE = 'tfjs/lenet5';
const BATCH = 128;
const LEARNING_RATE = 1e-3;

/** Seconds a step, and how far the losses of ours are from those of tfjs-layers. */
export interface TrainingTimes {
  readonly own: number;
  /** tfjs-layers on its plain JavaScript backend. */
  readonly plain: number;
  /** Ours on the native engine; null where TFJS_NODE_DIR names none. */
  readonly native: number | null;
  readonly lossDifference: number;
}

/** Steps of Adam over one batch: the first few of each are not counted, the best of the others is. */
export async function timeTrainingSteps(): Promise<TrainingTimes> {
  await startTfjs();
  const batch = makeBatch();
  const losses: number[][] = [];
  const own = await withTrainer(async (step) => {
    const first = [await step(batch), await step(batch)];
    losses.push(first);
    return bestOf(20, () => step(batch));
  });
  const plain = await timePlain(batch, losses);
  const folder = process.env['TFJS_NODE_DIR'];
  const [ours = [], theirs = []] = losses;
  const lossDifference = Math.max(...ours.map((loss, i) => Math.abs(loss - (theirs[i] ?? NaN))));
  if (folder === undefined || folder === '') return { own, plain, native: null, lossDifference };
  await loadTfjsNode(folder);
  const native = await withTrainer(async (step) => {
    await step(batch);
    return bestOf(20, () => step(batch));
  });
  return { own, plain, native, lossDifference };
}

/** What the engine holds after a few steps of training and after many more. */
export interface TrainingMemory {
  readonly steps: number;
  readonly tensors: readonly [first: number, last: number];
  readonly bytes: readonly [first: number, last: number];
  /** Of the WebAssembly heap, which never shrinks. */
  readonly heapBytes: readonly [first: number, last: number];
}

export async function measureTrainingMemory(steps: number): Promise<TrainingMemory> {
  await startTfjs();
  await tf.setBackend('wasm');
  const batch = makeBatch();
  return withTrainer(async (step) => {
    for (let i = 0; i < 10; i++) await step(batch);
    const [first, firstHeap] = [tf.memory(), heapBytes()];
    for (let i = 10; i < steps; i++) await step(batch);
    const [last, lastHeap] = [tf.memory(), heapBytes()];
    return {
      steps,
      tensors: [first.numTensors, last.numTensors],
      bytes: [first.numBytes, last.numBytes],
      heapBytes: [firstHeap, lastHeap],
    };
  });
}

function heapBytes(): number {
  const { wasm } = tf.backend() as unknown as { readonly wasm: { readonly HEAPU8: Uint8Array } };
  return wasm.HEAPU8.byteLength;
}

interface LabelledBatch {
  readonly inputs: readonly DenseArray[];
  readonly classes: readonly number[];
}

function makeBatch(): LabelledBatch {
  const random = seededRandom(1);
  const shape = [BATCH, 28, 28, 1];
  const values = Float32Array.from({ length: BATCH * 28 * 28 }, random);
  return { inputs: [{ shape, values }], classes: Array.from({ length: BATCH }, (_, i) => i % 10) };
}

type Step = (batch: LabelledBatch) => Promise<number>;

/** A trainer of the fixture on the backend that is set. */
async function withTrainer<T>(use: (step: Step) => Promise<T>): Promise<T> {
  const opened = await openModelFile(fixturePath(FIXTURE, 'model.json'));
  const executor = await createTfjsExecutor(opened.model, []);
  const parameters = [...(await executor.readParameters()).keys()];
  const trainer = executor.train({ optimizer: { kind: 'adam' }, parameters, seed: 1 });
  try {
    return await use(({ inputs, classes }) => {
      const targets = { kind: 'classes', classes } as const;
      const objective: TrainingStep['objective'] = { kind: 'loss', loss: 'ce', targets };
      return trainer.step({ inputs, objective, learningRate: LEARNING_RATE });
    });
  } finally {
    trainer.dispose();
    executor.dispose();
    await opened.close();
  }
}

async function timePlain({ inputs, classes }: LabelledBatch, losses: number[][]): Promise<number> {
  await tf.setBackend('cpu');
  const model = await loadLayersModel();
  model.compile({ optimizer: tf.train.adam(LEARNING_RATE), loss: 'categoricalCrossentropy' });
  const [input] = inputs;
  if (input === undefined) throw new Error('a batch has an input');
  const x = tf.tensor(input.values, [...input.shape]);
  const y = tf.oneHot(tf.tensor1d([...classes], 'int32'), 10);
  const step = async (): Promise<number> => (await model.trainOnBatch(x, y)) as number;
  losses.push([await step(), await step()]);
  const seconds = await bestOf(2, step);
  await tf.setBackend('wasm');
  return seconds;
}

async function loadLayersModel(): Promise<tfl.LayersModel> {
  const folder = fixturePath(FIXTURE);
  const text = await readFile(path.join(folder, 'model.json'), 'utf8');
  const json = JSON.parse(text) as {
    readonly modelTopology: object;
    readonly weightsManifest: readonly { readonly weights: tf.io.WeightsManifestEntry[] }[];
  };
  const weights = Uint8Array.from(await readFile(path.join(folder, 'weights.bin')));
  return tfl.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
      weightData: weights.buffer,
    }),
  );
}

/** The shortest of so many runs, in seconds. */
async function bestOf(rounds: number, run: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await run();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}
