import * as tf from '@tensorflow/tfjs-core';
import { UsageError } from '../../../core/errors';
import type {
  DenseArray,
  LossObjective,
  SquaredGradientRequest,
  WeightedOutputs,
} from '../../../core/graph/executor';
import { bindInputs, GraphValues, runForward } from '../forwardPass';
import type { LoweredGraphs } from '../loweredGraphs';
import type { Parameters } from '../parameters';
import type { PreparedGraph } from '../preparedGraph';
import { inInference } from '../training/nodeRunners';
import type { Turns } from '../turns';
import { GradientSums } from './backwardPass';
import { differentiate } from './differentiate';
import { sampleOf, targetsOfSample } from './sampleOf';

export interface SquaredGradients {
  readonly parameters: Parameters;
  readonly graphs: LoweredGraphs;
  readonly request: SquaredGradientRequest;
  /** Value ids of the parameters. */
  readonly wanted: readonly string[];
  readonly turns: Turns;
}

/** Squares of the gradients of each sample's objective by itself, added up over the samples of a batch. */
export async function sumSquaredGradients(job: SquaredGradients): Promise<GradientSums> {
  const sums = new GradientSums();
  try {
    const samples = job.request.inputs[0]?.shape[0] ?? 0;
    for (let sample = 0; sample < samples; sample++) await addSample(job, sample, sums);
    return sums;
  } catch (error) {
    sums.dispose();
    throw error;
  }
}

async function addSample(job: SquaredGradients, sample: number, sums: GradientSums): Promise<void> {
  const { parameters, graphs, request, wanted, turns } = job;
  const inputs = request.inputs.map((input) => sampleOf(input, sample));
  const prepared = await graphs.graphFor(inputs);
  for (const objective of await objectivesOf(job, prepared, inputs, sample)) {
    const batch = { prepared, parameters, inputs, objective, wanted, training: null, turns };
    const run = await differentiate(batch);
    for (const [value, gradient] of run.gradients.take(wanted)) {
      sums.add(value, tf.square(gradient));
      gradient.dispose();
    }
    run.dispose();
  }
}

/** What is differentiated alone of one sample: its loss, or each of its output's elements. */
async function objectivesOf(
  job: SquaredGradients,
  prepared: PreparedGraph,
  inputs: readonly DenseArray[],
  sample: number,
): Promise<readonly (LossObjective | WeightedOutputs)[]> {
  const { objective, inputs: all } = job.request;
  if (objective.kind === 'loss') {
    const targets = targetsOfSample(objective.targets, sample, all[0]?.shape[0] ?? 1);
    return [{ ...objective, targets, reduction: 'sum' }];
  }
  const at = objective.output ?? 0;
  const size = await outputSize(job, prepared, inputs);
  return Array.from({ length: size }, (_, element) => {
    const weights = prepared.graph.outputs.map((_output, i) =>
      i === at ? Float32Array.from({ length: size }, (_value, j) => Number(j === element)) : null,
    );
    return { kind: 'weighted-outputs', weights };
  });
}

async function outputSize(
  { parameters, request, turns }: SquaredGradients,
  prepared: PreparedGraph,
  inputs: readonly DenseArray[],
): Promise<number> {
  const at = request.objective.output ?? 0;
  const output = prepared.graph.outputs[at];
  if (output === undefined) {
    const count = prepared.graph.outputs.length;
    throw new UsageError(`objective: there is no output ${at}; the model has ${count}`);
  }
  const values = new GraphValues(prepared, parameters);
  try {
    bindInputs(prepared.graph, inputs, values);
    await runForward({ prepared, values, runNode: inInference, kept: new Set(), turns });
    return values.get(output.value).size;
  } finally {
    values.dispose();
  }
}
