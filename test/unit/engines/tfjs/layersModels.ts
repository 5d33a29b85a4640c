import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { temporaryFolder } from '../../../helpers/fixtures';

/** A model of tfjs-layers with random weights, saved, and what tfjs-layers makes of random inputs. */
export interface LayersModelCase {
  readonly file: string;
  readonly inputs: readonly { readonly shape: readonly number[]; readonly values: Float32Array }[];
  readonly outputs: readonly { readonly shape: readonly number[]; readonly values: Float32Array }[];
}

/**
 * Gives a model seeded weights, saves it as tf.js does, and predicts with the plain JavaScript backend,
 * whose kernels share nothing with WebAssembly's.
 */
export async function makeCase(t: TestContext, model: tfl.LayersModel): Promise<LayersModelCase> {
  await tf.setBackend('cpu');
  setRandomWeights(model);
  const inputs = model.inputs.map(({ shape }, i) =>
    randomTensor([3, ...shape.slice(1).map((size) => size ?? 5)], { seed: 100 + i, spread: 2 }),
  );
  const predicted = model.predict(inputs.length === 1 ? inputs[0]! : inputs);
  const outputs = (Array.isArray(predicted) ? predicted : [predicted]).map(toArray);
  const file = await save(model, await temporaryFolder(t));
  return { file, inputs: inputs.map(toArray), outputs };
}

function toArray(tensor: tf.Tensor) {
  return { shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) };
}

/** Variances must be positive; everything else may have either sign. */
function setRandomWeights(model: tfl.LayersModel): void {
  const weights = model.weights.map(({ originalName, shape }, i) => {
    const random = randomTensor(shape.map(Number), { seed: i, spread: 1 });
    return originalName.endsWith('moving_variance') ? tf.add(tf.abs(random), 0.1) : random;
  });
  model.setWeights(weights);
}

/** Uniform over [-spread, spread]; the seed alone decides. */
function randomTensor(
  shape: number[],
  { seed, spread }: { readonly seed: number; readonly spread: number },
): tf.Tensor {
  return tf.randomUniform(shape, -spread, spread, 'float32', seed + 1);
}

/** model.json and weights.bin, as tf.js' own file handlers write them. */
async function save(model: tfl.LayersModel, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const paths = ['./weights.bin'];
      const json = { modelTopology, weightsManifest: [{ paths, weights: weightSpecs }] };
      await writeFile(path.join(folder, 'model.json'), JSON.stringify(json));
      const bytes = Buffer.from((weightData as ArrayBuffer | undefined) ?? new ArrayBuffer(0));
      await writeFile(path.join(folder, 'weights.bin'), bytes);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return path.join(folder, 'model.json');
}
