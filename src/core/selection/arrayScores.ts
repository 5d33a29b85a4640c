import type { SignedOrder } from '../criteria/criterion';
import { orderedKeysInPlace } from '../kernels/orderedKeys';
import { decodeValues, makeDecodeScratch, type Values } from '../model/decodeValues';
import { type Model, type TensorEntry, tensorNamed } from '../model/model';
import { readTensorBytes, TensorStreamer } from '../model/streamTensor';
import type { ScoreTensor } from './scoreTensor';

/**
 * Scores that stand in a file of arrays, each under the name of its tensor, in C order. Signed ones come as
 * {@link orderedKeys}: numbers from 0 in the order in which they go.
 * @throws Error where the file lacks an array: it is ours.
 */
export function arrayScores(
  arrays: Model,
  tensors: readonly TensorEntry[],
  signed: SignedOrder | null = null,
): readonly ScoreTensor[] {
  const streamer = new TensorStreamer(arrays);
  const scratch = makeDecodeScratch();
  const entries = tensors.map(({ name }) => tensorNamed(arrays, name));
  const inFloat64 = signed !== null || entries.some(({ dtype }) => dtype === 'float64');
  const scoresFrom = (values: Values): Values => {
    const wide = inFloat64 && values instanceof Float32Array ? Float64Array.from(values) : values;
    if (signed === null) return wide;
    const ordered = Float64Array.from(wide, (score) =>
      signed === 'highest-first' ? -score : score,
    );
    orderedKeysInPlace(ordered);
    return ordered;
  };
  return tensors.map((tensor, i) => {
    const entry = entries[i] ?? tensorNamed(arrays, tensor.name);
    return {
      tensor,
      inFloat64,
      // Arrays of scores are in C order, whatever the order in which the tensor itself is stored.
      flatIndexOf: null,
      async read(firstElement, count) {
        const bytes = new Uint8Array(count * entry.storedElementBytes);
        await readTensorBytes(arrays, entry, firstElement * entry.storedElementBytes, bytes);
        return scoresFrom(decodeValues(entry, bytes, makeDecodeScratch()));
      },
      async *chunks() {
        for await (const { bytes, firstElement } of streamer.chunks(entry)) {
          yield { firstElement, scores: scoresFrom(decodeValues(entry, bytes, scratch)) };
        }
      },
    };
  });
}
