import { FormatError, type Place } from '../../errors';
import { type ByteSource, readBytes } from '../../io';
import { MAX_NPY_HEADER_BYTES } from '../../limits';
import { assertShape, countElements } from '../shape';
import { type NpyDType, parseDescr } from './parseDescr';
import { isTuple, parsePythonLiteral } from './pythonLiteral';

/** Bytes before the header's own: magic, version, and the length field of version 2 and 3. */
export const NPY_PREFIX_BYTES = 12;

/** What a .npy header says. */
export interface NpyHeader extends NpyDType {
  readonly shape: readonly number[];
  readonly elementCount: number;
  readonly fortranOrder: boolean;
  /** Bytes from the start of the array's file or member to its first element. */
  readonly dataOffset: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads the header of a .npy file or member: a Python literal of a dict with descr, fortran_order
 * and shape. Nothing is evaluated. Bytes read: the header alone.
 * @throws FormatError naming the place; UnsupportedError for arrays of Python objects (a pickle).
 * Source: NEP 1 and the documentation of numpy.lib.format, versions 1.0, 2.0 and 3.0.
 */
export async function parseNpyHeader(source: ByteSource, where: Place): Promise<NpyHeader> {
  const prefix = await readPrefix(source, where);
  const { headerOffset, headerLength, encoding } = parsePrefix(prefix, source.byteLength, where);
  const bytes = await readBytes(source, headerOffset, headerLength);
  const literal = parsePythonLiteral(decode(bytes, encoding, where), where);
  if (!(literal instanceof Map)) {
    throw new FormatError({ ...where, found: 'a header that is no dict', allowed: 'a dict' });
  }
  return { ...parseFields(literal, where), dataOffset: headerOffset + headerLength };
}

async function readPrefix(source: ByteSource, where: Place): Promise<Uint8Array> {
  if (source.byteLength < 10) {
    throw new FormatError({
      ...where,
      found: source.byteLength === 0 ? 'an empty file' : `${source.byteLength} bytes`,
      allowed: 'at least 10 bytes of magic, version and header length',
      byteOffset: 0,
    });
  }
  const prefix = await readBytes(source, 0, Math.min(NPY_PREFIX_BYTES, source.byteLength));
  if (MAGIC.some((byte, i) => prefix[i] !== byte)) {
    throw new FormatError({
      ...where,
      found: 'other bytes than the magic',
      allowed: '\\x93NUMPY at the start',
      byteOffset: 0,
    });
  }
  return prefix;
}

interface Prefix {
  readonly headerOffset: number;
  readonly headerLength: number;
  readonly encoding: 'latin1' | 'utf-8';
}

function parsePrefix(prefix: Uint8Array, byteLength: number, where: Place): Prefix {
  const major = prefix[6] ?? 0;
  const minor = prefix[7] ?? 0;
  if (major < 1 || major > 3 || minor !== 0) {
    throw new FormatError({
      ...where,
      found: `format version ${major}.${minor}`,
      allowed: '1.0, 2.0 and 3.0',
      byteOffset: 6,
    });
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const headerOffset = major === 1 ? 10 : 12;
  const headerLength =
    major === 1 ? view.getUint16(8, true) : prefix.length < 12 ? Infinity : view.getUint32(8, true);
  const allowed = Math.min(byteLength - headerOffset, MAX_NPY_HEADER_BYTES);
  if (headerLength > allowed) {
    throw new FormatError({
      ...where,
      found: `a header of ${headerLength} bytes`,
      allowed: `at most ${Math.max(0, allowed)} (${byteLength} bytes are there)`,
      byteOffset: 8,
    });
  }
  return { headerOffset, headerLength, encoding: major === 3 ? 'utf-8' : 'latin1' };
}

function decode(bytes: Uint8Array, encoding: Prefix['encoding'], where: Place): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new FormatError({ ...where, found: 'a header that is not UTF-8', allowed: 'UTF-8' });
  }
}

function parseFields(
  fields: ReadonlyMap<unknown, unknown>,
  where: Place,
): Omit<NpyHeader, 'dataOffset'> {
  const dtype = parseDescr(fields.get('descr'), where);
  const fortranOrder = fields.get('fortran_order');
  if (typeof fortranOrder !== 'boolean') {
    throw new FormatError({
      ...where,
      found: `fortran_order ${String(fortranOrder)}`,
      allowed: 'True or False',
    });
  }
  const shapeValue = fields.get('shape');
  const shape = assertShape(isTuple(shapeValue) ? shapeValue.items : shapeValue, where);
  const elementCount = countElements(shape, dtype.elementBytes, where);
  return { ...dtype, shape, elementCount, fortranOrder };
}
