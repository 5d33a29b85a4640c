import { MAX_NETWORK_HESSIAN } from '../../core/criteria/limits';
import { UnsupportedError } from '../../core/errors';
import type { Gradients, LossCurvature } from '../../core/graph/executor';
import { addOuterProductInPlace } from '../../core/kernels/networkObsKernel';
import { scaleInPlace } from '../../core/kernels/accumulateKernel';
import type { TensorEntry } from '../../core/model/model';
import { sampleObjectives } from '../tfjs/gradients/sampleObjectives';
import { objectiveOfSample, repeated, sampleOf } from '../tfjs/gradients/sampleOf';
import { labelledBatches, type LabelledBatch } from './gradientBatches';
import { curvaturesOf, namesOf } from './gradientSums';
import type { ScoringRun } from './scoringRun';

/** A symmetric matrix over the elements of some tensors, one tensor after the other. */
export interface NetworkMatrix {
  readonly size: number;
  /** Row by row; the upper triangle alone. */
  readonly values: Float64Array;
}

/**
 * The Gauss-Newton matrix of the mean loss over all samples by these tensors: the mean over samples of J^T B J, J the
 * derivatives of the outputs and B the bend of the loss at them. A pass back for each sample and output.
 * @throws UnsupportedError beyond MAX_NETWORK_HESSIAN parameters; as gradients do.
 */
export async function gaussNewtonMatrix(
  run: ScoringRun,
  tensors: readonly TensorEntry[],
): Promise<NetworkMatrix> {
  const size = tensors.reduce((sum, { elementCount }) => sum + elementCount, 0);
  assertSize(size);
  const values = new Float64Array(size * size);
  const parameters = namesOf(tensors);
  for await (const batch of labelledBatches(run)) {
    for (const curvature of curvaturesOf(batch.objective)) {
      for (let sample = 0; sample < batch.countedSamples; sample++) {
        for await (const found of rootGradients(run, { batch, curvature, sample, parameters })) {
          addOuterProductInPlace(values, joined(found, parameters, size));
        }
      }
    }
  }
  scaleInPlace(values, 1 / run.dataset.sampleCount);
  return { size, values };
}

interface SampleCurvature {
  readonly batch: LabelledBatch;
  readonly curvature: LossCurvature;
  readonly sample: number;
  readonly parameters: readonly string[];
}

/** The gradients whose squares make the curvature of one sample's loss, one after the other. */
async function* rootGradients(
  { executor, control, fixedSize }: ScoringRun,
  { batch, curvature, sample, parameters }: SampleCurvature,
): AsyncGenerator<Gradients> {
  const copies = fixedSize ?? 1;
  const inputs = batch.inputs.map((input) => repeated(sampleOf(input, sample), copies));
  const samples = batch.inputs[0]?.shape[0] ?? 1;
  const own = objectiveOfSample(curvature, { sample, samples, copies });
  const { signal } = control;
  for await (const objective of sampleObjectives(own, copies, () => executor.run(inputs, signal))) {
    yield await executor.gradients({ inputs, objective, parameters }, signal);
  }
}

function joined(found: Gradients, parameters: readonly string[], size: number): Float64Array {
  const vector = new Float64Array(size);
  let at = 0;
  for (const name of parameters) {
    const values = found.parameters.get(name)?.values ?? new Float32Array(0);
    vector.set(values, at);
    at += values.length;
  }
  return vector;
}

function assertSize(size: number): void {
  if (size <= MAX_NETWORK_HESSIAN) return;
  throw new UnsupportedError({
    feature:
      "criterion obs over the whole network, which inverts a matrix of all parameters' second derivatives",
    found: `${size} parameters`,
    supported: `at most ${MAX_NETWORK_HESSIAN}; extent=layer takes layers of any network`,
  });
}
