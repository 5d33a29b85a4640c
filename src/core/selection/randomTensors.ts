import { randomKey, randomScoresInPlace } from '../criteria/random';
import type { Values } from '../model/decodeValues';
import { flatIndexMap } from '../model/elementOrder';
import type { Model, TensorEntry } from '../model/model';
import { magnitudeScores, type ScoreTensor } from './scoreTensor';

/** Random scores of tensors, made chunk by chunk; NaN where a weight is not finite, which must not go. */
export function randomTensors(
  model: Model,
  tensors: readonly TensorEntry[],
  seed: number,
): readonly ScoreTensor[] {
  return magnitudeScores(model, tensors).map((weights): ScoreTensor => {
    const { tensor } = weights;
    const key = randomKey(seed, tensor.name);
    const flatIndexOf = flatIndexMap(tensor);
    const scoresFrom = (values: Values, firstElement: number): Values => {
      const indices = Float64Array.from(values, (_, i) =>
        flatIndexOf === null ? firstElement + i : flatIndexOf(firstElement + i),
      );
      const scores = new Float32Array(values.length);
      randomScoresInPlace(key, indices, scores);
      values.forEach((weight, i) => {
        if (!Number.isFinite(weight)) scores[i] = NaN;
      });
      return scores;
    };
    return {
      tensor,
      inFloat64: false,
      flatIndexOf,
      read: async (firstElement, count) =>
        scoresFrom(await weights.read(firstElement, count), firstElement),
      async *chunks() {
        for await (const { firstElement, scores } of weights.chunks()) {
          yield { firstElement, scores: scoresFrom(scores, firstElement) };
        }
      },
    };
  });
}
