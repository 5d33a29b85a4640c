import { randomKey, randomScoresInPlace } from '../criteria/random';
import type { Values } from '../model/decodeValues';
import type { Model, TensorEntry } from '../model/model';
import { magnitudeScores, type ScoreTensor } from './scoreTensor';

/** Random scores of tensors, made chunk by chunk; NaN where a weight is not finite, which must not go. */
export function randomTensors(
  model: Model,
  tensors: readonly TensorEntry[],
  seed: number,
): readonly ScoreTensor[] {
  const room = { scores: new Float32Array(0) };
  return magnitudeScores(model, tensors).map((weights): ScoreTensor => {
    const { tensor, flatIndexOf } = weights;
    const place = { key: randomKey(seed, tensor.name), flatIndexOf };
    return {
      tensor,
      inFloat64: false,
      flatIndexOf,
      async read(firstElement, count) {
        const values = await weights.read(firstElement, count);
        const scores = new Float32Array(values.length);
        fillScores(scores, values, { ...place, firstElement });
        return scores;
      },
      async *chunks() {
        for await (const { firstElement, scores: values } of weights.chunks()) {
          if (room.scores.length < values.length) room.scores = new Float32Array(values.length);
          const scores = room.scores.subarray(0, values.length);
          fillScores(scores, values, { ...place, firstElement });
          yield { firstElement, scores };
        }
      },
    };
  });
}

interface RandomPlace extends Pick<ScoreTensor, 'flatIndexOf'> {
  readonly key: number;
  readonly firstElement: number;
}

function fillScores(
  scores: Float32Array,
  weights: Values,
  { key, flatIndexOf, firstElement }: RandomPlace,
): void {
  if (flatIndexOf === null) {
    randomScoresInPlace(key, firstElement, { weights, scores });
    return;
  }
  const indices = new Float64Array(scores.length);
  for (let i = 0; i < indices.length; i++) indices[i] = flatIndexOf(firstElement + i);
  randomScoresInPlace(key, indices, { weights, scores });
}
