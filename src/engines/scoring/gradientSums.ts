import { TensorSums } from '../../core/criteria/tensorSums';
import type { LossCurvature, SquaredGradientRequest } from '../../core/graph/executor';
import { inferShapes } from '../../core/graph/inferShapes';
import type { Values } from '../../core/model/decodeValues';
import type { TensorEntry } from '../../core/model/model';
import { productOf } from '../../core/graph/shapes/valueFacts';
import { filledBatches, labelledBatches, type LabelledBatch, type Pass } from './gradientBatches';
import type { ScoringRun } from './scoringRun';

/** The gradient of the mean loss over all samples, by tensor; one pass over the data. */
export async function meanGradients(
  run: ScoringRun,
  tensors: readonly TensorEntry[] = run.tensors,
  pass?: Pass,
): Promise<TensorSums> {
  const { executor, control, dataset } = run;
  const parameters = namesOf(tensors);
  const sums = new TensorSums(tensors);
  for await (const { inputs, objective } of labelledBatches(run, pass)) {
    const found = await executor.gradients({ inputs, objective, parameters }, control.signal);
    sums.add(found.parameters);
  }
  sums.scale(1 / dataset.sampleCount);
  return sums;
}

/** The squared gradients of each sample's own loss, summed over all samples. */
export async function lossSquares(run: ScoringRun): Promise<TensorSums> {
  const sums = new TensorSums(run.tensors);
  for await (const { inputs, objective } of labelledBatches(run)) {
    await addSquares(run, sums, { inputs, objective });
  }
  return sums;
}

/** The Gauss-Newton diagonal of each sample's own loss, summed over all samples. */
export async function curvatureSums(run: ScoringRun): Promise<TensorSums> {
  const sums = new TensorSums(run.tensors);
  for await (const { inputs, objective } of labelledBatches(run)) {
    for (const curvature of curvaturesOf(objective)) {
      await addSquares(run, sums, { inputs, objective: curvature });
    }
  }
  return sums;
}

/** Losses of several outputs add, and so do their curvatures. */
export function curvaturesOf({ losses }: LabelledBatch['objective']): readonly LossCurvature[] {
  return losses.map((loss) => ({ kind: 'loss-curvature', loss }));
}

/** The squared derivatives of each number that the network gives, summed over all of them and all samples. */
export async function outputSquares(run: ScoringRun): Promise<TensorSums> {
  const sums = new TensorSums(run.tensors);
  const outputs = floatOutputs(run);
  for await (const { inputs, countedSamples } of filledBatches(run)) {
    for (const { index } of outputs) {
      const objective = { kind: 'each-output', output: index, countedSamples } as const;
      await addSquares(run, sums, { inputs, objective });
    }
  }
  return sums;
}

/** How many numbers the network gives a sample. */
export function outputCount(run: ScoringRun): number {
  return floatOutputs(run).reduce((sum, { count }) => sum + count, 0);
}

/** The parameters of the network as they are run, in the file's layout. */
export async function weightsOf({ executor }: ScoringRun, tensor: string): Promise<Values> {
  const found = await executor.readParameters([tensor]);
  return Float32Array.from(found.get(tensor)?.values ?? []);
}

/** Names of tensors, in their order. */
export function namesOf(tensors: readonly TensorEntry[]): readonly string[] {
  return tensors.map(({ name }) => name);
}

async function addSquares(
  { executor, control, tensors }: ScoringRun,
  sums: TensorSums,
  request: Omit<SquaredGradientRequest, 'parameters'>,
): Promise<void> {
  const asked = { ...request, parameters: namesOf(tensors) };
  sums.add(await executor.squaredGradients(asked, control.signal));
}

/** Outputs that can be differentiated, with how many numbers of them a sample has. */
function floatOutputs({
  graph,
  model,
  dataset,
}: ScoringRun): readonly { readonly index: number; readonly count: number }[] {
  const given = dataset.sampleShapes.map((shape) => [1, ...shape]);
  const facts = inferShapes(graph, model.tensors, given);
  return graph.outputs.flatMap(({ value }, index) => {
    const fact = facts.get(value);
    if (fact !== undefined && fact.type !== 'float32') return [];
    return [{ index, count: productOf(fact?.shape ?? []) }];
  });
}
