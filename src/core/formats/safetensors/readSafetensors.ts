import type { ByteSource } from '../../io';
import type { Model, TensorEntry } from '../../model/model';
import { torchLayers } from '../pytorch/torchLayers';
import { PACKED_KEY } from './pack/bitmaskLayout';
import { openUnpacked } from './pack/unpackedSource';
import { parseTensors } from './parseTensors';
import { readHeader } from './safetensorsHeader';

/**
 * Reads the header of a safetensors file: 8 bytes of length, JSON, then the tensors' bytes.
 * Bytes read: the header alone. The rules are those of the reference implementation: no holes, no
 * overlaps, nothing after the last tensor.
 * Source: the safetensors format description, version 0.8.
 */
export async function readSafetensors(source: ByteSource): Promise<Model> {
  const { dataStart, entries, metadata } = await readHeader(source);
  const tensors = parseTensors(entries, { dataStart, fileByteLength: source.byteLength });
  if (!Object.hasOwn(metadata, PACKED_KEY)) return makeModel(source, tensors, metadata);
  const unpacked = await openUnpacked(source, tensors, metadata);
  return packedModel(source, unpacked);
}

/** A packed file as the model that it unpacks to, whose bytes are decoded as they are read. */
async function packedModel(source: ByteSource, unpacked: ByteSource): Promise<Model> {
  const { dataStart, entries, metadata } = await readHeader(unpacked);
  const region = { dataStart, fileByteLength: unpacked.byteLength };
  const tensors = parseTensors(entries, region).map((tensor) => ({
    ...tensor,
    spans: tensor.spans.map((span) => ({ ...span, fileIndex: 1 })),
  }));
  const model = makeModel(source, tensors, { ...metadata, [PACKED_KEY]: 'sparse-bitmask' });
  return {
    ...model,
    formatLabel: 'safetensors, packed without its zeros',
    files: [source, unpacked],
    packed: true,
  };
}

function makeModel(
  source: ByteSource,
  tensors: readonly TensorEntry[],
  metadata: Record<string, unknown>,
): Model {
  const { layers, notices } = torchLayers(tensors, {});
  return {
    format: 'safetensors',
    formatLabel: 'safetensors',
    metadata,
    files: [source],
    tensors,
    layers,
    graphMissing: 'a safetensors file holds weights only',
    checksums: [],
    notices,
  };
}
