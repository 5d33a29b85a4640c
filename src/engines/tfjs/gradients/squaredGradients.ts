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
import { addDenseSquares, type DenseSite, denseSites } from './denseSquares';
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

/**
 * Squares of the gradients of each sample's objective by itself, added up over the samples of a batch: all samples
 * at once where the network is dense layers, else sample by sample.
 */
export async function sumSquaredGradients(job: SquaredGradients): Promise<GradientSums> {
  const sums = new GradientSums();
  try {
    const { inputs, objective } = job.request;
    const prepared = await job.graphs.graphFor(inputs);
    const sites = denseSites(prepared.graph, job.wanted);
    if (sites !== null) {
      await addAtOnce({ ...job, prepared, inputs, objective }, sites, sums);
      return sums;
    }
    const samples = inputs[0]?.shape[0] ?? 0;
    for (let sample = 0; sample < samples; sample++) await addSample(job, sample, sums);
    return sums;
  } catch (error) {
    sums.dispose();
    throw error;
  }
}

/** Samples that are differentiated together. */
interface SampleGroup extends SquaredGradients {
  readonly prepared: PreparedGraph;
  readonly inputs: readonly DenseArray[];
  readonly objective: SquaredGradientRequest['objective'];
}

async function addAtOnce(
  group: SampleGroup,
  sites: readonly DenseSite[],
  sums: GradientSums,
): Promise<void> {
  const wanted = [...new Set(sites.flatMap(({ x, y }) => [x, y]))];
  for (const objective of await objectivesOf(group)) {
    const run = await differentiate({ ...group, objective, wanted, training: null });
    addDenseSquares(sites, run, sums);
    run.dispose();
  }
}

async function addSample(job: SquaredGradients, sample: number, sums: GradientSums): Promise<void> {
  const { graphs, request, wanted } = job;
  const inputs = request.inputs.map((input) => sampleOf(input, sample));
  const prepared = await graphs.graphFor(inputs);
  const given = request.objective;
  const samples = request.inputs[0]?.shape[0] ?? 1;
  const own =
    given.kind === 'loss'
      ? { ...given, targets: targetsOfSample(given.targets, sample, samples) }
      : given;
  const group = { ...job, prepared, inputs, objective: own };
  for (const objective of await objectivesOf(group)) {
    const run = await differentiate({ ...group, objective, training: null });
    for (const [value, gradient] of run.gradients.take(wanted)) {
      sums.add(value, tf.square(gradient));
      gradient.dispose();
    }
    run.dispose();
  }
}

/** What is differentiated alone of each sample of a group: its loss, or one of its output's elements after the other. */
async function objectivesOf(
  group: SampleGroup,
): Promise<readonly (LossObjective | WeightedOutputs)[]> {
  const { objective, prepared, inputs } = group;
  if (objective.kind === 'loss') return [{ ...objective, reduction: 'sum' }];
  const at = objective.output ?? 0;
  const size = await outputSize(group, at);
  const samples = inputs[0]?.shape[0] ?? 1;
  const each = size / samples;
  return Array.from({ length: each }, (_, element) => {
    const chosen = new Float32Array(size);
    for (let sample = 0; sample < samples; sample++) chosen[sample * each + element] = 1;
    const weights = prepared.graph.outputs.map((_output, i) => (i === at ? chosen : null));
    return { kind: 'weighted-outputs', weights };
  });
}

/** Elements of an output for all samples of a group. */
async function outputSize(group: SampleGroup, at: number): Promise<number> {
  const { parameters, prepared, inputs, turns } = group;
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
