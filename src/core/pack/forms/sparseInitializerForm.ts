import { encodeVarint } from '../../formats/onnx/protobuf/varint';
import { MAX_SPARSE_DENSE_BYTES } from '../../limits';
import { type Model, type Span, storedByteLength, type TensorEntry } from '../../model/model';
import { hasWholeElements } from '../countKept';
import type { PackedForm } from './packedForm';
import { perTensor } from './perTensor';

const INDEX_BYTES = 8;
/** The type of the indices, and the tags of the five fields that a dense tensor does not have. */
const MORE_TAGS = 2 + 5;
/** More than what stands beside the numbers of values and indices: a name is in both forms. */
const BESIDE_VALUES = 64;
const BESIDE_INDICES = 32;

/** ONNX with sparse initializers, of which a kept value takes 8 bytes more: exact but for fields of a few bytes. */
export function sparseInitializerForm(model: Model): PackedForm {
  const raw = perTensor((tensor) => bytesInFiles(model, tensor));
  const inside = model.tensors.reduce((sum, tensor) => {
    const place = externalPlaceOf(model, tensor);
    return sum + (place === null ? raw(tensor) : externalFieldBytes(place));
  }, 0);
  return {
    // Numbers of external files come into the one file, and what names their places goes.
    fixedBytes: Math.max(0, (model.files[0]?.byteLength ?? 0) - inside),
    tensorBytes(tensor, kept) {
      const canPack =
        hasWholeElements(tensor) &&
        tensor.storedElementBytes <= 8 &&
        tensor.shape.length > 0 &&
        storedByteLength(tensor) <= MAX_SPARSE_DENSE_BYTES;
      return canPack ? Math.min(raw(tensor), sparseBytes(tensor, kept)) : raw(tensor);
    },
  };
}

/** Values and indices, each with its dims, and the lengths of their fields. */
function sparseBytes({ storedElementBytes }: TensorEntry, kept: number): number {
  const values = kept * storedElementBytes;
  const indices = kept * INDEX_BYTES;
  const lengths =
    2 * varintBytes(kept) +
    varintBytes(indices) +
    varintBytes(indices + BESIDE_INDICES) +
    varintBytes(values + BESIDE_VALUES);
  return values + indices + lengths + MORE_TAGS;
}

/** Where numbers are decoded from another form their own bytes stand for those of the file. */
function bytesInFiles({ files }: Model, tensor: TensorEntry): number {
  const isStored = tensor.spans.every(({ fileIndex }) => files[fileIndex]?.derived !== true);
  if (!isStored) return storedByteLength(tensor);
  return tensor.spans.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** The span of a tensor's numbers in a file of their own, with that file's name; null for those in the main file. */
function externalPlaceOf(
  { files }: Model,
  { spans }: TensorEntry,
): (Span & { readonly location: string }) | null {
  const [span] = spans;
  const file = span === undefined ? undefined : files[span.fileIndex];
  if (span === undefined || file === undefined) return null;
  const isExternal = span.fileIndex > 0 && file.derived !== true;
  return isExternal ? { ...span, location: file.name } : null;
}

/** The pairs of texts that say where numbers are, each with four tags and lengths and those around it; and that they are there. */
function externalFieldBytes({
  location,
  byteOffset,
  byteLength,
}: Span & { location: string }): number {
  const pairs = [`location${location}`, `offset${byteOffset}`, `length${byteLength}`];
  return pairs.reduce((sum, text) => sum + text.length + 6, 2);
}

function varintBytes(value: number): number {
  return encodeVarint(value).length;
}
