import { lampScores } from '../../criteria/lamp';
import { MAX_SORTED_WEIGHTS } from '../../criteria/limits';
import { UnsupportedError } from '../../errors';
import { CHUNK_BYTES } from '../../limits';
import type { Model, TensorEntry } from '../../model/model';
import { readRealValues } from '../../model/readRealValues';
import type { ScoreTensor } from '../scoreTensor';

/** Scores that are handed on at once. */
const CHUNK_SCORES = CHUNK_BYTES / 8;

/**
 * The LAMP scores themselves, in C order. A layer is sorted in memory, one at a time; where only what goes is
 * asked for, {@link lowestByLamp} tells it in a stream.
 * @throws UnsupportedError where a layer has more weights than are sorted in memory.
 */
export function lampTensors(model: Model, tensors: readonly TensorEntry[]): readonly ScoreTensor[] {
  const latest = new LatestScores(model);
  return tensors.map((tensor) => ({
    tensor,
    inFloat64: true,
    flatIndexOf: null,
    read: async (firstElement, count) =>
      (await latest.of(tensor)).slice(firstElement, firstElement + count),
    async *chunks() {
      const scores = await latest.of(tensor);
      for (let first = 0; first < scores.length; first += CHUNK_SCORES) {
        // A copy: callers may change what they are given.
        yield { firstElement: first, scores: scores.slice(first, first + CHUNK_SCORES) };
      }
    },
  }));
}

/** Scores of the layer asked for last: passes go layer by layer. */
class LatestScores {
  private tensor: TensorEntry | null = null;
  private scores: Float64Array<ArrayBuffer> = new Float64Array(0);

  constructor(private readonly model: Model) {}

  async of(tensor: TensorEntry): Promise<Float64Array<ArrayBuffer>> {
    if (this.tensor === tensor) return this.scores;
    if (tensor.elementCount > MAX_SORTED_WEIGHTS) {
      throw new UnsupportedError({
        feature: 'LAMP scores',
        found: `${tensor.name} with ${tensor.elementCount} weights`,
        supported: `layers of up to ${MAX_SORTED_WEIGHTS} weights, which are sorted in memory`,
      });
    }
    this.scores = lampScores(await readRealValues(this.model, tensor, () => undefined));
    this.tensor = tensor;
    return this.scores;
  }
}
