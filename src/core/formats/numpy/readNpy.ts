import { inferLayers } from '../../graph/inferLayers';
import type { ByteSource } from '../../io';
import type { Model, Notice } from '../../model/model';
import { npyTensor } from './npyTensor';
import { parseNpyHeader } from './parseNpyHeader';

/**
 * A .npy file as a model of one tensor. The array has no name of its own, so the tensor's is empty;
 * its layer is named after the file.
 * @throws FormatError when the data is shorter than the shape needs.
 */
export async function readNpy(source: ByteSource): Promise<Model> {
  const where = { format: 'npy', place: 'header' };
  const header = await parseNpyHeader(source, where);
  const layerName = source.name.replace(/^.*[/\\]/, '').replace(/\.npy$/i, '');
  const data = {
    fileIndex: 0,
    byteOffset: header.dataOffset,
    byteLength: source.byteLength - header.dataOffset,
  };
  const tensor = npyTensor('', header, data, { format: 'npy', place: 'data' });
  const used = header.dataOffset + tensor.elementCount * tensor.storedElementBytes;
  return {
    format: 'npy',
    formatLabel: 'NumPy array',
    metadata: {},
    files: [source],
    tensors: [tensor],
    layers: inferLayers([tensor]).map((layer) => ({ ...layer, name: layerName })),
    graphMissing: 'a NumPy file holds weights only',
    checksums: [],
    notices: used < source.byteLength ? [trailingBytes(source.byteLength - used)] : [],
  };
}

function trailingBytes(byteLength: number): Notice {
  return {
    code: 'trailing-bytes',
    message: `${byteLength} bytes follow the array; they are kept as they are`,
  };
}
