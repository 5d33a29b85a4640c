import type { TensorCut } from '../report/plan';
import { makeCutFunction } from './applyCut';
import { decodeValues, makeDecodeScratch, type Values } from './decodeValues';
import { flatIndexMap } from './elementOrder';
import { type Model, storedDTypeOf, type TensorEntry } from './model';
import { TensorStreamer } from './streamTensor';

/**
 * All values of one tensor, decoded and in C order, with a cut applied when one is given.
 * Space: the values themselves, in float64 for float64 and integer types, else in float32.
 * @throws FormatError, IoError as the byte sources do.
 */
export async function readTensorValues(
  model: Model,
  tensor: TensorEntry,
  cut: TensorCut | null = null,
): Promise<Values> {
  const values = allocate(tensor);
  const scratch = makeDecodeScratch();
  const applyCut = cut === null ? null : makeCutFunction(tensor, cut, scratch);
  const flatIndexOf = flatIndexMap(tensor);
  for await (const chunk of new TensorStreamer(model).chunks(tensor)) {
    applyCut?.(chunk.bytes, chunk.firstElement);
    const decoded = decodeValues(tensor, chunk.bytes, scratch, chunk.elementCount);
    if (flatIndexOf === null) values.set(decoded, chunk.firstElement);
    else scatter(values, decoded, (i) => flatIndexOf(chunk.firstElement + i));
  }
  return values;
}

/** Of these elements a decoded value may need more digits than a float32 has. */
const FLOAT64_TYPES: ReadonlySet<string> = new Set([
  'float64',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint64',
  'uint32',
  'uint16',
  'uint8',
  'bool',
]);

function allocate(tensor: TensorEntry): Values {
  const inFloat32 = tensor.quantization !== undefined || !FLOAT64_TYPES.has(storedDTypeOf(tensor));
  return inFloat32 ? new Float32Array(tensor.elementCount) : new Float64Array(tensor.elementCount);
}

function scatter(values: Values, decoded: Values, flatIndexOf: (i: number) => number): void {
  for (let i = 0; i < decoded.length; i++) values[flatIndexOf(i)] = decoded[i] ?? 0;
}
