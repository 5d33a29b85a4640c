import type { EngineChoice } from '../../src/core/graph/engineChoice';
import type {
  DenseArray,
  DifferentiableExecutor,
  LossObjective,
} from '../../src/core/graph/executor';
import type { Graph } from '../../src/core/graph/graph';
import { finalActivation } from '../../src/core/graph/finalActivation';
import { createTfjsExecutor } from '../../src/engines/tfjs/createTfjsExecutor';
import { startEngine } from '../../src/engines/tfjsNode/startEngine';
import { openModelFile } from '../../src/node/openModel';
import { fixturePath } from '../helpers/fixtures';
import {
  keepsTolerance,
  outputOracles,
  readOracleArrays,
  runOracle,
} from '../helpers/outputOracles';

/** What one engine gives; compared by scripts/native.mjs. */
export interface EngineMeasures {
  readonly engine: string;
  readonly outputs: readonly {
    readonly model: string;
    readonly text: string;
    readonly kept: boolean;
  }[];
  /** By model and tensor. */
  readonly gradients: ReadonlyMap<string, ReadonlyMap<string, Float32Array>>;
  /** Milliseconds by what was timed: medians. */
  readonly times: ReadonlyMap<string, number>;
}

const OUTPUT_FOLDERS = ['keras', 'tfjs', 'numpy', 'onnx'];
/** Differentiated on both engines: dense, convolution, pooling, batch normalization. */
const DIFFERENTIATED = [
  'keras__digits_mlp.h5.npz',
  'keras__lenet5.h5.npz',
  'keras__resbn.h5.npz',
  'tfjs__autoencoder.npz',
];
const TIMED_MODEL = 'keras/lenet5.h5';
const TIMED_BATCH = 128;
const TIMED_ROUNDS = 20;

/** Forked with serialization `advanced`: argument 2 is the folder of the native package, or absent for wasm. */
async function main(folder: string | undefined): Promise<void> {
  const choice: EngineChoice =
    folder === undefined
      ? { preference: 'tfjs', native: { kind: 'absent' } }
      : { preference: 'tfjs-node', native: { kind: 'usable', folder } };
  const engine = await startEngine(choice);
  const measures: EngineMeasures = {
    engine,
    outputs: await measureOutputs(),
    gradients: await measureGradients(),
    times: await measureTimes(),
  };
  process.send?.(measures, () => process.disconnect());
}

async function measureOutputs(): Promise<EngineMeasures['outputs']> {
  const found: { model: string; text: string; kept: boolean }[] = [];
  for (const oracle of await outputOracles(OUTPUT_FOLDERS)) {
    const { model } = oracle;
    try {
      // The engine of the process runs already; the preference only keeps ONNX Runtime out.
      const difference = await runOracle(oracle, 'tfjs');
      const kept = keepsTolerance(oracle, difference);
      found.push({ model, text: difference.difference.toExponential(1), kept });
    } catch (error) {
      found.push({ model, text: String(error), kept: false });
    }
  }
  return found;
}

async function measureGradients(): Promise<EngineMeasures['gradients']> {
  const oracles = await outputOracles(OUTPUT_FOLDERS);
  const found = new Map<string, ReadonlyMap<string, Float32Array>>();
  for (const oracle of oracles.filter(({ arrays }) => DIFFERENTIATED.includes(arrays))) {
    const { inputs, outputs } = await readOracleArrays(oracle);
    await withExecutor(oracle.model, async (executor, graph) => {
      const tensors = [...(await executor.readParameters()).keys()];
      const objective = objectiveFor(graph, outputs);
      const { parameters } = await executor.gradients({ inputs, objective, parameters: tensors });
      found.set(oracle.model, new Map([...parameters].map(([name, { values }]) => [name, values])));
    });
  }
  return found;
}

/** Cross entropy against label n mod K of a classifier, squared error against zero of anything else. */
function objectiveFor(graph: Graph, [output]: readonly DenseArray[]): LossObjective {
  const count = output?.shape.at(-1) ?? 1;
  const samples = output?.shape[0] ?? 1;
  if (finalActivation(graph)?.name !== 'softmax') {
    const values = new Float32Array(samples * count);
    return { kind: 'loss', loss: 'mse', targets: { kind: 'values', values } };
  }
  const classes = Int32Array.from({ length: samples }, (_, n) => n % count);
  return { kind: 'loss', loss: 'ce', targets: { kind: 'classes', classes } };
}

async function measureTimes(): Promise<EngineMeasures['times']> {
  const times = new Map<string, number>();
  await withExecutor(TIMED_MODEL, async (executor, graph) => {
    const shape = [TIMED_BATCH, ...(graph.inputs[0]?.shape.slice(1) ?? [])];
    const size = shape.reduce((product, n) => product * n, 1);
    const inputs = [{ shape, values: Float32Array.from({ length: size }, (_, i) => Math.sin(i)) }];
    const objective = objectiveFor(graph, [
      { shape: [TIMED_BATCH, 10], values: new Float32Array() },
    ]);
    const parameters = [...(await executor.readParameters()).keys()];
    times.set('LeNet-5 forward, batch 128', await medianTime(() => executor.run(inputs)));
    const trainer = executor.train({ optimizer: { kind: 'adam' }, parameters, seed: 1 });
    const step = (): Promise<unknown> => trainer.step({ inputs, objective, learningRate: 1e-3 });
    times.set('LeNet-5 Adam step, batch 128', await medianTime(step));
    trainer.dispose();
  });
  return times;
}

async function medianTime(run: () => Promise<unknown>): Promise<number> {
  await run();
  const times: number[] = [];
  for (let round = 0; round < TIMED_ROUNDS; round++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[TIMED_ROUNDS / 2] ?? 0;
}

async function withExecutor(
  model: string,
  use: (executor: DifferentiableExecutor, graph: Graph) => Promise<void>,
): Promise<void> {
  const opened = await openModelFile(fixturePath(model));
  try {
    const executor = await createTfjsExecutor(opened.model, []);
    if (opened.model.graph !== undefined) await use(executor, opened.model.graph);
    executor.dispose();
  } finally {
    await opened.close();
  }
}

void main(process.argv[2]);
