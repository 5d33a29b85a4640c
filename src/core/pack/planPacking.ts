import { UnsupportedError } from '../errors';
import { packNpz } from '../formats/numpy/pack/packNpz';
import { unpackNpz } from '../formats/numpy/pack/unpackNpz';
import { packOnnx } from '../formats/onnx/pack/packOnnx';
import { unpackOnnx } from '../formats/onnx/pack/unpackOnnx';
import { packSafetensors } from '../formats/safetensors/pack/packSafetensors';
import type { Model } from '../model/model';
import type { JobControl } from '../progress';
import { copySource } from './copySource';
import type { Packing, Unpacking } from './packing';

/**
 * Counts the zeros of a model and plans its file without them, in the form that its format has for it.
 * @throws UnsupportedError for formats that have none, and for files that are packed already.
 */
export async function planPacking(model: Model, control: JobControl): Promise<Packing> {
  if (model.packed === true) {
    throw new UnsupportedError({
      feature: 'packing',
      found: 'a file that is packed already',
      supported: 'files with their zeros',
    });
  }
  switch (model.format) {
    case 'safetensors':
      return packSafetensors(model, control);
    case 'onnx':
      return packOnnx(model, control);
    case 'npz':
      return packNpz(model, control);
    default:
      throw new UnsupportedError({
        feature: 'packing',
        found: model.formatLabel,
        supported: PACKABLE,
      });
  }
}

const PACKABLE =
  '.safetensors (also in several files), .onnx and .npz; of any other format the weights can be saved with convert as ' +
  'safetensors, which packs, and gzip leaves out most of the bytes of zeros in any file';

/** Plans the way back of {@link planPacking}. @throws UnsupportedError where nothing in the file is packed. */
export async function planUnpacking(model: Model): Promise<Unpacking> {
  const [, unpacked] = model.files;
  if (model.format === 'safetensors' && model.packed === true && unpacked !== undefined) {
    return {
      byteLength: unpacked.byteLength,
      unpackedCount: model.tensors.length,
      isOriginalFile: true,
      write: (sink, control) => copySource(unpacked, sink, control),
    };
  }
  const unpacking = await unpackingOf(model);
  if (unpacking !== null) return unpacking;
  throw new UnsupportedError({
    feature: 'unpacking',
    found: `${model.formatLabel} with nothing packed in it`,
    supported:
      'what secateur pack writes, sparse initializers of ONNX files, and what scipy.sparse.save_npz writes of ' +
      'csr matrices',
  });
}

function unpackingOf(model: Model): Promise<Unpacking | null> {
  if (model.format === 'onnx') return unpackOnnx(model);
  return model.format === 'npz' ? unpackNpz(model) : Promise.resolve(null);
}
