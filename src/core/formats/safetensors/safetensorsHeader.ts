import { FormatError } from '../../errors';
import { type ByteSource, readBytes } from '../../io';
import { MAX_SAFETENSORS_HEADER_BYTES } from '../../limits';
import { isJsonObject, parseJson } from '../parseJson';
import { assertNoDuplicateKeys } from './duplicateKeys';

/** Bytes before the header: its length. */
export const LENGTH_BYTES = 8;

/** The header of a safetensors file. */
export interface SafetensorsHeader {
  /** The JSON text as it stands in the file. */
  readonly json: Uint8Array<ArrayBuffer>;
  /** The parsed text, with `__metadata__`. */
  readonly entries: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Where the tensors' bytes begin. */
  readonly dataStart: number;
}

/** Reads the header alone. @throws FormatError, IoError. */
export async function readHeader(source: ByteSource): Promise<SafetensorsHeader> {
  const headerLength = await readHeaderLength(source);
  const json = await readBytes(source, LENGTH_BYTES, headerLength);
  return { ...parseHeader(json), dataStart: LENGTH_BYTES + headerLength };
}

/** Checks the text of a header. @throws FormatError. */
export function parseHeader(json: Uint8Array<ArrayBuffer>): Omit<SafetensorsHeader, 'dataStart'> {
  const where = { format: 'safetensors', place: 'header' };
  const entries = parseJson(json, where);
  if (!isJsonObject(entries)) {
    const found = Array.isArray(entries) ? 'a JSON array' : `a JSON ${typeof entries}`;
    throw new FormatError({ ...where, found, allowed: 'a JSON object' });
  }
  assertNoDuplicateKeys(json);
  return { json, entries, metadata: parseMetadata(entries) };
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
