import { encodeNpz } from '../../core/formats/numpy/encodeNpz';
import type { DenseArray } from '../../core/graph/executor';
import type { Graph } from '../../core/graph/graph';
import type { Model } from '../../core/model/model';
import type { JobControl } from '../../core/progress';
import { loadInputs } from '../../node/data/loadInputs';
import { loadWholeInputs } from '../../node/data/loadWholeInputs';
import { openModelFile } from '../../node/openModel';
import { writeFileAtomically } from '../../node/writeFileAtomically';
import type { JobParams, JobResult } from '../../protocol/workerJob';
import { createExecutor } from '../chooseEngine';
import { runnableGraph } from '../runnableGraph';
import { planBatches } from './batchPlan';
import { runBatches } from './runBatches';

/**
 * Runs a model file on the arrays of an npz and writes its outputs to another, by name, in the graph's
 * order. Inputs are matched by name, else by position; nothing is scaled.
 * @throws UnsupportedError for a model that cannot be run; UsageError for inputs that do not fit it;
 *   FormatError, IoError; CancelledError.
 */
export async function runFile(
  params: JobParams<'run'>,
  control: JobControl,
): Promise<JobResult<'run'>> {
  const opened = await openModelFile(params.path, { architecture: params.architecture });
  try {
    const outputs = await runModel(opened.model, params, control);
    await writeFileAtomically(params.output, encodeNpz(outputs));
    return { outputs: outputs.map(({ name, shape }) => ({ name, shape })) };
  } finally {
    await opened.close();
  }
}

async function runModel(model: Model, params: JobParams<'run'>, control: JobControl) {
  const graph = runnableGraph(model);
  const whole = await loadWholeInputs(params.inputs, graph);
  if (whole !== null) return runWhole(model, whole, { graph, params, control });
  const inputs = await loadInputs(params.inputs, graph);
  try {
    const { sampleShapes } = inputs;
    const plan = planBatches({ graph, tensors: model.tensors, sampleShapes }, params.batchDivisor);
    const executor = await createExecutor(model, {
      cuts: [],
      choice: params.engine,
      inputShapes: sampleShapes.map((shape) => [plan.fixedSize ?? 1, ...shape]),
    });
    try {
      const parts: (readonly DenseArray[])[] = [];
      for await (const { outputs } of runBatches(executor, inputs, plan, control)) {
        parts.push(outputs);
      }
      return joinBatches(graph, parts);
    } finally {
      executor.dispose();
    }
  } finally {
    await inputs.close();
  }
}

/** Inputs without a common batch are run as they are, all at once. */
async function runWhole(
  model: Model,
  inputs: readonly DenseArray[],
  {
    graph,
    params,
    control,
  }: {
    readonly graph: Graph;
    readonly params: JobParams<'run'>;
    readonly control: JobControl;
  },
) {
  const executor = await createExecutor(model, {
    cuts: [],
    choice: params.engine,
    inputShapes: inputs.map(({ shape }) => shape),
  });
  try {
    return joinBatches(graph, [await executor.run(inputs, control.signal)]);
  } finally {
    executor.dispose();
  }
}

/** The outputs of all batches, one after the other, under their names. */
function joinBatches(graph: Graph, parts: readonly (readonly DenseArray[])[]) {
  return graph.outputs.map(({ name }, index) => {
    const arrays = parts.flatMap((outputs) => outputs.slice(index, index + 1));
    const values = new Float32Array(arrays.reduce((sum, array) => sum + array.values.length, 0));
    let offset = 0;
    for (const array of arrays) {
      values.set(array.values, offset);
      offset += array.values.length;
    }
    const [only] = arrays;
    if (only !== undefined && arrays.length === 1) return { name, shape: only.shape, values };
    const samples = arrays.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
    return { name, shape: [samples, ...(arrays[0]?.shape.slice(1) ?? [])], values };
  });
}
