import { FormatError, type Place, UnsupportedError } from '../../errors';
import type { DType } from '../../model/dtype';
import { isTuple } from './pythonLiteral';

/** An array's element type. */
export interface NpyDType {
  readonly dtype: DType;
  /** As NumPy wrote it, where no {@link DType} says it: text and structured elements. */
  readonly dtypeLabel?: string;
  readonly elementBytes: number;
  readonly littleEndian: boolean;
}

/** NumPy's kinds with their bytes, and what they hold. */
export const KINDS: Readonly<Record<string, DType>> = {
  f8: 'float64',
  f4: 'float32',
  f2: 'float16',
  i8: 'int64',
  i4: 'int32',
  i2: 'int16',
  i1: 'int8',
  u8: 'uint64',
  u4: 'uint32',
  u2: 'uint16',
  u1: 'uint8',
  b1: 'bool',
  c8: 'complex64',
  c16: 'complex128',
};

const PYTHON_OBJECTS = 'Python objects, stored as a pickle';

/** Bytes of one unit of a text, raw or date type; dates and raw bytes are listed, never read. */
const LISTED_KINDS: Readonly<Record<string, number>> = {
  U: 4,
  S: 1,
  a: 1,
  V: 1,
  M: 1,
  m: 1,
  // Long doubles, whose bits differ between machines.
  f: 1,
  c: 1,
};

/**
 * NumPy's type description, e.g. `<f4` or a list of fields.
 * @throws UnsupportedError for Python objects: their bytes are a pickle; FormatError otherwise.
 * Source: numpy.dtype.str, the array interface protocol version 3.
 */
export function parseDescr(descr: unknown, where: Place): NpyDType {
  if (typeof descr === 'string') return parseSimple(descr, where);
  if (Array.isArray(descr)) return parseFields(descr as unknown[], where);
  throw unknownDescr(String(descr), where);
}

function parseSimple(descr: string, where: Place): NpyDType {
  const match = /^([<>|=])([a-zA-Z])(\d*)(\[.*\])?$/.exec(descr);
  const [, order = '|', kind = '', size = ''] = match ?? [];
  if (kind === 'O') {
    throw new UnsupportedError({
      feature: `${where.format}, ${where.place}`,
      found: PYTHON_OBJECTS,
      supported: 'arrays of numbers, truth values and text',
    });
  }
  const littleEndian = order !== '>';
  const dtype = Object.hasOwn(KINDS, kind + size) ? KINDS[kind + size] : undefined;
  if (dtype !== undefined) return { dtype, elementBytes: Number(size), littleEndian };
  if (match !== null && size !== '' && Object.hasOwn(LISTED_KINDS, kind)) {
    const elementBytes = isDate(kind) ? 8 : Number(size) * (LISTED_KINDS[kind] ?? 1);
    return { dtype: 'string', dtypeLabel: descr, elementBytes, littleEndian };
  }
  throw unknownDescr(JSON.stringify(descr), where);
}

function isDate(kind: string): boolean {
  return kind === 'M' || kind === 'm';
}

/** Whether an array was refused because it holds Python objects. */
export function isPythonObjects(error: unknown): error is UnsupportedError {
  return error instanceof UnsupportedError && error.detail.found === PYTHON_OBJECTS;
}

function parseFields(fields: readonly unknown[], where: Place): NpyDType {
  let elementBytes = 0;
  const labels: string[] = [];
  for (const field of fields) {
    const [name, descr, subshape] = isTuple(field) ? field.items : [];
    if (typeof name !== 'string' || descr === undefined) throw unknownDescr('a bad field', where);
    const element = parseDescr(descr, where);
    const dimensions = isTuple(subshape) ? subshape.items : [];
    const repeat = dimensions.reduce((product: number, size) => product * Number(size), 1);
    elementBytes += element.elementBytes * repeat;
    labels.push(`${name}: ${element.dtypeLabel ?? element.dtype}`);
  }
  if (!Number.isSafeInteger(elementBytes) || elementBytes < 0) {
    throw unknownDescr('fields whose size is no whole number', where);
  }
  return {
    dtype: 'string',
    dtypeLabel: `{${labels.join(', ')}}`,
    elementBytes,
    littleEndian: true,
  };
}

function unknownDescr(found: string, where: Place): FormatError {
  return new FormatError({
    ...where,
    found: `descr ${found}`,
    allowed: 'a NumPy type such as "<f4", "<f8", "|u1"',
  });
}
