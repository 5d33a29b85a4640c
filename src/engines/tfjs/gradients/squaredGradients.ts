import * as tf from '@tensorflow/tfjs-core';
import { UsageError } from '../../../core/errors';
import type { DenseArray, SquaredGradientRequest } from '../../../core/graph/executor';
import { download } from '../download';
import { bindInputs, GraphValues, runForward } from '../forwardPass';
import type { LoweredGraphs } from '../loweredGraphs';
import type { Parameters } from '../parameters';
import type { PreparedGraph } from '../preparedGraph';
import { inInference } from '../training/nodeRunners';
import type { Turns } from '../turns';
import { GradientSums } from './backwardPass';
import { addDenseSquares, type DenseSite, denseSites } from './denseSquares';
import { differentiate } from './differentiate';
import { sampleObjectives } from './sampleObjectives';
import { objectiveOfSample, repeated, sampleOf } from './sampleOf';

/** One batch whose samples are differentiated each by itself. */
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
    const samples = countedOf(objective) ?? inputs[0]?.shape[0] ?? 0;
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
  const samples = group.inputs[0]?.shape[0] ?? 1;
  const outputs = (): Promise<readonly DenseArray[]> => outputsOf(group);
  for await (const objective of sampleObjectives(group.objective, samples, outputs)) {
    const run = await differentiate({ ...group, objective, wanted, training: null });
    try {
      addDenseSquares(sites, run, sums);
    } finally {
      run.dispose();
    }
  }
}

async function addSample(job: SquaredGradients, sample: number, sums: GradientSums): Promise<void> {
  const { graphs, request, wanted } = job;
  const samples = request.inputs[0]?.shape[0] ?? 1;
  // A network that takes batches of one size only gets the sample again and again, of which one counts.
  const fixed = Math.max(1, graphs.declared.inputs[0]?.shape[0] ?? -1);
  const inputs = request.inputs.map((input) => repeated(sampleOf(input, sample), fixed));
  const prepared = await graphs.graphFor(inputs);
  const own = objectiveOfSample(request.objective, { sample, samples, copies: fixed });
  const group = { ...job, prepared, inputs, objective: own };
  const outputs = (): Promise<readonly DenseArray[]> => outputsOf(group);
  for await (const objective of sampleObjectives(own, fixed, outputs)) {
    const run = await differentiate({ ...group, objective, training: null });
    for (const [value, gradient] of run.gradients.take(wanted)) {
      sums.add(value, tf.square(gradient));
      gradient.dispose();
    }
    run.dispose();
  }
}

function countedOf(objective: SquaredGradientRequest['objective']): number | undefined {
  if (objective.kind === 'losses') return objective.losses[0]?.countedSamples;
  if (objective.kind === 'loss-curvature') return objective.loss.countedSamples;
  return objective.countedSamples;
}

/** What a group gives, by output. */
async function outputsOf(group: SampleGroup): Promise<readonly DenseArray[]> {
  const { parameters, prepared, inputs, turns } = group;
  assertOutput(group);
  const { graph } = prepared;
  const values = new GraphValues(prepared, parameters);
  try {
    bindInputs(graph, inputs, values);
    await runForward({ prepared, values, runNode: inInference, kept: new Set(), turns });
    return await Promise.all(graph.outputs.map(({ value }) => download(values.get(value))));
  } finally {
    values.dispose();
  }
}

function assertOutput({ objective, prepared }: SampleGroup): void {
  if (objective.kind === 'losses') return;
  const at = (objective.kind === 'loss-curvature' ? objective.loss : objective).output ?? 0;
  const { outputs } = prepared.graph;
  if (outputs[at] !== undefined) return;
  throw new UsageError(`objective: there is no output ${at}; the model has ${outputs.length}`);
}
