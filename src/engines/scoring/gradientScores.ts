import { gradientScore } from '../../core/criteria/gradient';
import { taylorScore } from '../../core/criteria/taylor';
import { batchObjectives } from '../../core/evaluation/batchObjective';
import { readTensorValues } from '../../core/model/readTensor';
import { tensorNamed } from '../../core/model/model';
import { readBatches } from '../jobs/runBatches';
import type { ScoredArray, ScoringRun } from './scoringRun';

/** Scores by the gradient of the mean loss over all samples; one pass over the data. */
export async function* gradientScores(run: ScoringRun): AsyncGenerator<ScoredArray> {
  const gradients = await meanGradients(run);
  for (const { name, shape } of run.tensors) {
    const gradient = gradients.get(name) ?? new Float64Array(0);
    const weights = await readTensorValues(run.model, tensorNamed(run.model, name));
    const values =
      run.request.criterion === 'gradient'
        ? gradientScore(gradient)
        : taylorScore(weights, gradient);
    yield { name, shape, values };
  }
}

/** The gradient of the mean loss over all samples, by tensor, in C order. */
async function meanGradients(run: ScoringRun): Promise<ReadonlyMap<string, Float64Array>> {
  const { executor, dataset, batchSize, control, request, tensors, model } = run;
  const choice = { loss: request.data.loss, reduction: 'sum' } as const;
  const objectives = batchObjectives({ graph: run.graph, tensors: model.tensors }, dataset, choice);
  const sums = new Map(
    tensors.map(({ name, elementCount }) => [name, new Float64Array(elementCount)]),
  );
  const parameters = tensors.map(({ name }) => name);
  for await (const read of readBatches(dataset, batchSize, control)) {
    const { inputs } = read.batch;
    for (const objective of objectives.of(read)) {
      const found = await executor.gradients({ inputs, objective, parameters }, control.signal);
      for (const [name, { values }] of found.parameters) addInPlace(sums.get(name), values);
    }
  }
  for (const sum of sums.values())
    sum.forEach((value, i) => (sum[i] = value / dataset.sampleCount));
  return sums;
}

function addInPlace(sum: Float64Array | undefined, values: Float32Array): void {
  values.forEach((value, i) => {
    if (sum !== undefined) sum[i] = (sum[i] ?? 0) + value;
  });
}
