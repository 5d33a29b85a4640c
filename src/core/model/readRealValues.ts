import { decodeScores, makeDecodeScratch, needsFloat64Scores, type Values } from './decodeValues';
import { flatIndexMap } from './elementOrder';
import type { Model, TensorEntry } from './model';
import { TensorStreamer } from './streamTensor';

/**
 * All weights of a tensor as the real numbers that they are ranked by (of codes with a scale the values they stand
 * for), in C order. Space: the values themselves.
 * @param onChunk called once per chunk, so that a job can report and be cancelled
 * @throws FormatError, IoError as the byte sources do.
 */
export async function readRealValues(
  model: Model,
  tensor: TensorEntry,
  onChunk: (elementCount: number) => void,
): Promise<Values> {
  const { elementCount } = tensor;
  const values = needsFloat64Scores(tensor)
    ? new Float64Array(elementCount)
    : new Float32Array(elementCount);
  const scratch = makeDecodeScratch();
  const flatIndexOf = flatIndexMap(tensor);
  for await (const { bytes, firstElement } of new TensorStreamer(model).chunks(tensor)) {
    const decoded = decodeScores(tensor, bytes, scratch, firstElement);
    if (flatIndexOf === null) values.set(decoded, firstElement);
    else decoded.forEach((value, i) => (values[flatIndexOf(firstElement + i)] = value));
    onChunk(decoded.length);
  }
  return values;
}
