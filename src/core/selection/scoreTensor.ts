import {
  decodeScores,
  makeDecodeScratch,
  needsFloat64Scores,
  type Values,
} from '../model/decodeValues';
import { flatIndexMap } from '../model/elementOrder';
import type { Model, TensorEntry } from '../model/model';
import { readTensorBytes, TensorStreamer } from '../model/streamTensor';

/** The scores of one tensor, one a stored element, streamed as often as a selection needs. */
export interface ScoreTensor {
  readonly tensor: TensorEntry;
  /** All scores of the set are float64; else all are float32. */
  readonly inFloat64: boolean;
  /** Flat index of a storage index, for ties; null where both are the same. */
  readonly flatIndexOf: ((storageIndex: number) => number) | null;
  /** All scores, in the order in which they are stored. */
  chunks(): AsyncIterable<ScoreChunk>;
  /** The scores of a few elements, in an array of their own. */
  read(firstElement: number, count: number): Promise<Values>;
}

/** Only valid until the next chunk is asked for. The magnitude counts: |score|. */
export interface ScoreChunk {
  readonly firstElement: number;
  readonly scores: Values;
}

/**
 * Magnitude (L1Unstructured of torch.nn.utils.prune): the score of a weight is |w|. Scores are the
 * weights themselves (of codes with a scale the real values), in float32, or all in float64 where one
 * tensor of the set needs it.
 */
export function magnitudeScores(
  model: Model,
  tensors: readonly TensorEntry[],
): readonly ScoreTensor[] {
  const streamer = new TensorStreamer(model);
  const scratch = makeDecodeScratch();
  const inFloat64 = tensors.some(needsFloat64Scores);
  return tensors.map((tensor) => ({
    tensor,
    inFloat64,
    flatIndexOf: flatIndexMap(tensor),
    async read(firstElement, count) {
      const bytes = new Uint8Array(count * tensor.storedElementBytes);
      await readTensorBytes(model, tensor, firstElement * tensor.storedElementBytes, bytes);
      const values = decodeScores(tensor, bytes, makeDecodeScratch(), firstElement);
      return inFloat64 ? widened(values) : values;
    },
    async *chunks() {
      for await (const chunk of streamer.chunks(tensor)) {
        const values = decodeScores(tensor, chunk.bytes, scratch, chunk.firstElement);
        const scores = inFloat64 ? widened(values) : values;
        yield { firstElement: chunk.firstElement, scores };
      }
    },
  }));
}

function widened(values: Values): Values {
  return values instanceof Float64Array ? values : Float64Array.from(values);
}
