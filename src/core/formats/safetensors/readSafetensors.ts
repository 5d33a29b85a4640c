import { FormatError } from '../../errors';
import { type ByteSource, readBytes } from '../../io';
import { MAX_SAFETENSORS_HEADER_BYTES } from '../../limits';
import type { Model, TensorEntry } from '../../model/model';
import { isJsonObject, parseJson } from '../parseJson';
import { torchLayers } from '../pytorch/torchLayers';
import { assertNoDuplicateKeys } from './duplicateKeys';
import { parseTensors } from './parseTensors';

const LENGTH_BYTES = 8;

/**
 * Reads the header of a safetensors file: 8 bytes of length, JSON, then the tensors' bytes.
 * Bytes read: the header alone. The rules are those of the reference implementation: no holes, no
 * overlaps, nothing after the last tensor.
 * Source: the safetensors format description, version 0.8.
 */
export async function readSafetensors(source: ByteSource): Promise<Model> {
  const headerLength = await readHeaderLength(source);
  const header = await readBytes(source, LENGTH_BYTES, headerLength);
  const where = { format: 'safetensors', place: 'header' };
  const parsed = parseJson(header, where);
  if (!isJsonObject(parsed)) {
    const found = Array.isArray(parsed) ? 'a JSON array' : `a JSON ${typeof parsed}`;
    throw new FormatError({ ...where, found, allowed: 'a JSON object' });
  }
  assertNoDuplicateKeys(header);
  const metadata = parseMetadata(parsed);
  const dataStart = LENGTH_BYTES + headerLength;
  const tensors = parseTensors(parsed, { dataStart, fileByteLength: source.byteLength });
  return makeModel(source, tensors, metadata);
}

async function readHeaderLength(source: ByteSource): Promise<number> {
  if (source.byteLength < LENGTH_BYTES) {
    throw new FormatError({
      format: 'safetensors',
      place: 'header length',
      found: source.byteLength === 0 ? 'an empty file' : `a file of ${source.byteLength} bytes`,
      allowed: 'at least 8 bytes',
      byteOffset: 0,
    });
  }
  const bytes = await readBytes(source, 0, LENGTH_BYTES);
  const length = new DataView(bytes.buffer).getBigUint64(0, true);
  const available = source.byteLength - LENGTH_BYTES;
  if (length > BigInt(Math.min(available, MAX_SAFETENSORS_HEADER_BYTES))) {
    throw new FormatError({
      format: 'safetensors',
      place: 'header length',
      found: `${length} bytes`,
      allowed: `at most ${Math.min(available, MAX_SAFETENSORS_HEADER_BYTES)} (the file has ${source.byteLength} bytes)`,
      byteOffset: 0,
    });
  }
  return Number(length);
}

function parseMetadata(header: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const metadata = header['__metadata__'];
  if (metadata === undefined) return {};
  const where = { format: 'safetensors', place: '__metadata__' };
  if (!isJsonObject(metadata)) {
    throw new FormatError({ ...where, found: typeof metadata, allowed: 'a JSON object' });
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') {
      throw new FormatError({
        ...where,
        found: `a ${typeof value} for ${JSON.stringify(key)}`,
        allowed: 'text values',
      });
    }
  }
  return { ...metadata };
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
