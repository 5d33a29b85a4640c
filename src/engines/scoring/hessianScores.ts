import { graspScore } from '../../core/criteria/grasp';
import { MAX_EXACT_SECOND_DERIVATIVES } from '../../core/criteria/limits';
import { DEFAULT_PROBES, obdScore } from '../../core/criteria/obd';
import { TensorSums } from '../../core/criteria/tensorSums';
import { UnsupportedError } from '../../core/errors';
import { createRandom } from '../../core/random';
import type { Values } from '../../core/model/decodeValues';
import { labelledBatches, type Pass } from './gradientBatches';
import { curvatureSums, lossSquares, meanGradients, namesOf, weightsOf } from './gradientSums';
import type { ScoredArray, ScoringRun } from './scoringRun';
import { trainedTensors } from './trainedTensors';

/** -w (H g), both of the mean loss over all samples, by all that is trained; two passes over the data. */
export async function* graspScores(run: ScoringRun): AsyncGenerator<ScoredArray> {
  const trained = [...new Set([...trainedTensors(run), ...run.tensors])];
  const gradients = await meanGradients(run, trained, { index: 0, count: 2 });
  const vectors = new Map(trained.map(({ name }) => [name, Float32Array.from(gradients.of(name))]));
  const products = await hessianProducts(run, vectors, { index: 1, count: 2 });
  for (const { name, shape } of run.tensors) {
    const weights = await weightsOf(run, name);
    yield { name, shape, values: graspScore(weights, products.of(name)) };
  }
}

/** w^2 H_ii / 2, H_ii as the options say. */
export async function* obdScores(run: ScoringRun): AsyncGenerator<ScoredArray> {
  const curvature = await curvatureOf(run);
  for (const { name, shape } of run.tensors) {
    yield { name, shape, values: obdScore(await weightsOf(run, name), curvature.of(name)) };
  }
}

async function curvatureOf(run: ScoringRun): Promise<TensorSums> {
  switch (run.request.options.hessian ?? 'fisher') {
    case 'fisher':
      return meanOf(run, await lossSquares(run));
    case 'gauss-newton':
      return meanOf(run, await curvatureSums(run));
    case 'exact':
      return exactDiagonal(run);
    case 'hutchinson':
      return estimatedDiagonal(run);
  }
}

function meanOf({ dataset }: ScoringRun, sums: TensorSums): TensorSums {
  sums.scale(1 / dataset.sampleCount);
  return sums;
}

type Vectors = ReadonlyMap<string, Float32Array>;

/** H v over all samples, H of the mean loss; by tensor. */
async function hessianProducts(
  run: ScoringRun,
  vectors: Vectors,
  pass?: Pass,
): Promise<TensorSums> {
  const { executor, control, tensors } = run;
  const sums = new TensorSums(tensors);
  for await (const { inputs, objective } of labelledBatches(run, pass)) {
    const request = { inputs, objective, vectors, parameters: namesOf(tensors) };
    sums.add(await executor.hessianVectorProduct(request, control.signal));
  }
  return meanOf(run, sums);
}

/**
 * H_ii one by one, as the product with the unit vector of each weight.
 * @throws UnsupportedError beyond MAX_EXACT_SECOND_DERIVATIVES weights
 */
async function exactDiagonal(run: ScoringRun): Promise<TensorSums> {
  const { executor, control, tensors } = run;
  const count = tensors.reduce((sum, { elementCount }) => sum + elementCount, 0);
  assertExact(count);
  const diagonal = new TensorSums(tensors);
  const batches = Math.ceil(run.dataset.sampleCount / run.batchSize);
  let batch = 0;
  for await (const { inputs, objective } of labelledBatches(run, { index: 0, count: 1 })) {
    let done = 0;
    for (const { name, elementCount } of tensors) {
      const vector = new Float32Array(elementCount);
      const own = diagonal.of(name);
      for (let i = 0; i < elementCount; i++) {
        vector[i] = 1;
        const vectors = new Map([[name, vector]]);
        const found = await executor.hessianVectorProduct(
          { inputs, objective, vectors },
          control.signal,
        );
        addAt(own, i, found.get(name)?.values[i] ?? 0);
        vector[i] = 0;
        done++;
        control.report({ phase: 'score', done: batch * count + done, total: batches * count });
      }
    }
    batch++;
  }
  return meanOf(run, diagonal);
}

function addAt(sums: Values, index: number, value: number): void {
  sums[index] = (sums[index] ?? 0) + value;
}

function assertExact(count: number): void {
  if (count <= MAX_EXACT_SECOND_DERIVATIVES) return;
  throw new UnsupportedError({
    feature: 'criterion obd with exact second derivatives',
    found: `${count} weights, each of which needs a pass over the data of its own`,
    supported: `at most ${MAX_EXACT_SECOND_DERIVATIVES}; hessian=fisher, gauss-newton or hutchinson take any number`,
  });
}

/**
 * The mean of v H v, element by element, over random vectors v of plus and minus 1: each element's expectation is
 * H_ii. Source: Hutchinson, A stochastic estimator of the trace of the influence matrix for Laplacian smoothing
 * splines, 1989; Bekas, Kokiopoulou and Saad, An estimator for the diagonal of a matrix, 2007.
 */
async function estimatedDiagonal(run: ScoringRun): Promise<TensorSums> {
  const { options, seed } = run.request;
  const count = options.probes ?? DEFAULT_PROBES;
  const random = createRandom(seed);
  const diagonal = new TensorSums(run.tensors);
  for (let index = 0; index < count; index++) {
    const vectors = signsFor(run, random);
    const products = await hessianProducts(run, vectors, { index, count });
    diagonal.addProducts(products, vectors);
  }
  diagonal.scale(1 / count);
  return diagonal;
}

function signsFor({ tensors }: ScoringRun, random: ReturnType<typeof createRandom>): Vectors {
  return new Map(
    tensors.map(({ name, elementCount }) => [
      name,
      Float32Array.from({ length: elementCount }, () => (random.bits() & 1) * 2 - 1),
    ]),
  );
}
