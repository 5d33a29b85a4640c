import {
  bitmaskBytes,
  entryBytes,
  PACKED_KEY,
  packedEntryBytes,
} from '../../formats/safetensors/pack/bitmaskLayout';
import { SAFETENSORS_DTYPES } from '../../formats/safetensors/parseTensors';
import { type Model, modelByteLength, storedByteLength, storedFiles } from '../../model/model';
import { hasWholeElements } from '../countKept';
import type { PackedForm } from './packedForm';
import { perTensor } from './perTensor';

const LENGTH_BYTES = 8;

const MOST_PADDING = 7;

/** Quotes of a tensor's entry in the header: `"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}`. */
const QUOTES_PER_TENSOR = 10;

const DTYPE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(SAFETENSORS_DTYPES).map(([name, dtype]) => [dtype, name]),
);

/**
 * safetensors without zeros: the header, that of the unpacked file as a text in it, and the parts of each tensor. Never
 * less than the file, and more only by digits of offsets and by padding.
 */
export function bitmaskForm(model: Model): PackedForm {
  const most = modelByteLength(model);
  const known = perTensor((tensor) => {
    const dtype = DTYPE_NAMES.get(tensor.dtype) ?? tensor.dtype;
    const entry = { name: tensor.name, dtype, shape: tensor.shape };
    return { entry, raw: storedByteLength(tensor) + entryBytes(entry, most) };
  });
  return {
    fixedBytes: headBytes(model),
    tensorBytes(tensor, kept) {
      const { entry, raw } = known(tensor);
      if (!hasWholeElements(tensor)) return raw;
      return Math.min(
        raw,
        bitmaskBytes(tensor, kept) + packedEntryBytes(tensor, entry, { kept, most }),
      );
    },
  };
}

/** What stands in the files beside tensors and their entries. */
function headBytes(model: Model): number {
  const shards = storedFiles(model).slice(model.format === 'safetensors' ? 0 : 1);
  const index = modelByteLength(model) - shards.reduce((sum, file) => sum + file.byteLength, 0);
  const starts = new Map<string, number>();
  for (const { spans } of model.tensors) {
    const [span] = spans;
    const file = span === undefined ? undefined : model.files[span.fileIndex];
    if (span === undefined || file === undefined) continue;
    starts.set(file.name, Math.min(starts.get(file.name) ?? Infinity, span.byteOffset));
  }
  const originals = [...starts.values()].reduce((sum, start) => sum + start - LENGTH_BYTES, 0);
  const texts = new TextEncoder().encode(JSON.stringify({ ...model.metadata, [PACKED_KEY]: '' }));
  const frame = LENGTH_BYTES + '{"__metadata__":,}'.length + texts.length + MOST_PADDING;
  return index + shards.length * frame + originals + QUOTES_PER_TENSOR * model.tensors.length;
}
