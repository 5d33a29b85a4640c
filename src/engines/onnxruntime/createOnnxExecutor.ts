import * as ort from 'onnxruntime-web';
import { UnsupportedError, UsageError } from '../../core/errors';
import type { DenseArray, Executor } from '../../core/graph/executor';
import type { Graph } from '../../core/graph/graph';
import { type Model, modelByteLength } from '../../core/model/model';
import { type CancelSignal, throwIfCancelled } from '../../core/progress';
import type { PlanEntry } from '../../core/report/plan';
import { MAX_ONNX_BYTES, MAX_ONNX_FILE_BYTES } from './limits';
import { writeToMemory } from './memoryModel';
import { outOfMemory, runtimeError } from './runtimeErrors';
import {
  assertTensorOutput,
  fromRuntimeTensor,
  toRuntimeTensor,
  type ValueMetadata,
} from './runtimeTensors';
import { startOnnxRuntime } from './startOnnxRuntime';

/**
 * Makes an ONNX file ready to run in ONNX Runtime, the runtime that its users ship with, with the cuts
 * of a plan applied to its weights.
 * @param graph the names of inputs and outputs, in the order in which values are given and returned
 * @throws UnsupportedError for operators the runtime does not implement, and where memory does not suffice;
 *   FormatError for a model it refuses; IoError.
 */
export async function createOnnxExecutor(
  model: Model,
  graph: Graph,
  cuts: readonly PlanEntry[],
): Promise<Executor> {
  assertFits(model);
  const engine = startOnnxRuntime();
  const session = await createSession(model, cuts);
  try {
    return new OnnxExecutor(engine, session, bindValues(session, graph));
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** The runtime's own description of each value, in the graph's order. */
interface BoundValues {
  readonly inputs: readonly ValueMetadata[];
  readonly outputs: readonly ValueMetadata[];
}

class OnnxExecutor implements Executor {
  constructor(
    readonly engine: string,
    private readonly session: ort.InferenceSession,
    private readonly values: BoundValues,
  ) {}

  /** A call of the runtime cannot be interrupted: the signal is looked at before it. */
  async run(inputs: readonly DenseArray[], signal?: CancelSignal): Promise<readonly DenseArray[]> {
    if (signal !== undefined) throwIfCancelled(signal);
    const feeds = this.feedsOf(inputs);
    const { outputs } = this.values;
    try {
      const names = outputs.map(({ name }) => name);
      const results = await this.session.run(feeds, names);
      return outputs.map((output) => {
        const tensor = results[output.name];
        if (tensor === undefined) throw new Error(`no output ${output.name}`);
        return fromRuntimeTensor(tensor, output);
      });
    } catch (error) {
      throw outOfMemory(error) ?? runtimeError(error, 'running the model');
    }
  }

  dispose(): void {
    void this.session.release();
  }

  private feedsOf(inputs: readonly DenseArray[]): Record<string, ort.Tensor> {
    const wanted = this.values.inputs;
    if (inputs.length !== wanted.length) {
      throw new UsageError(`the model takes ${wanted.length} inputs, but got ${inputs.length}`);
    }
    const feeds: Record<string, ort.Tensor> = {};
    wanted.forEach((input, index) => {
      const given = inputs[index];
      if (given !== undefined) feeds[input.name] = toRuntimeTensor(given, input);
    });
    return feeds;
  }
}

async function createSession(
  model: Model,
  cuts: readonly PlanEntry[],
): Promise<ort.InferenceSession> {
  const { main, external } = await writeToMemory(model, cuts);
  try {
    return await ort.InferenceSession.create(main, {
      executionProviders: ['wasm'],
      externalData: external,
      // Warnings, of unused initializers and the like, would go to the standard output.
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw runtimeError(error, `opening ${modelByteLength(model)} bytes of model`);
  }
}

function bindValues(session: ort.InferenceSession, graph: Graph): BoundValues {
  const outputs = graph.outputs.map(({ name }) => valueNamed(session.outputMetadata, name));
  outputs.forEach(assertTensorOutput);
  return {
    inputs: graph.inputs.map(({ name }) => valueNamed(session.inputMetadata, name)),
    outputs,
  };
}

function valueNamed(values: readonly ValueMetadata[], name: string): ValueMetadata {
  const found = values.find((value) => value.name === name);
  if (found !== undefined) return found;
  const names = values.map((value) => value.name).join(', ');
  throw new Error(`ONNX Runtime has no ${name} among ${names}`);
}

function assertFits(model: Model): void {
  const bytes = modelByteLength(model);
  const mainBytes = model.files[0]?.byteLength ?? 0;
  if (bytes <= MAX_ONNX_BYTES && mainBytes <= MAX_ONNX_FILE_BYTES) return;
  throw new UnsupportedError({
    feature: 'ONNX Runtime',
    found: `${bytes} bytes of model, ${mainBytes} of them in the main file`,
    supported: `at most ${MAX_ONNX_BYTES} and ${MAX_ONNX_FILE_BYTES}, for which WebAssembly has room`,
  });
}
