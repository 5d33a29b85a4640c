import { bytesPerElement, type DType } from '../../model/dtype';
import type { FieldCursor } from './fieldCursor';

/** What the elements of a data set or an attribute are. */
export interface Datatype {
  readonly kind: 'number' | 'fixedString' | 'variableString' | 'variableList' | 'opaque' | 'other';
  /** Bytes of one element as stored; for variable ones those of the reference. */
  readonly byteLength: number;
  /** Of numbers only. */
  readonly dtype: DType | null;
  readonly littleEndian: boolean;
  /** The type in words, for what no {@link DType} says. */
  readonly label: string;
}

const CLASS_NAMES = [
  'integer',
  'float',
  'time',
  'string',
  'bit field',
  'opaque',
  'compound',
  'reference',
  'enumeration',
  'variable-length list',
  'array',
] as const;

/**
 * Parses a datatype message. Types that are no numbers are named, not taken apart.
 * @throws FormatError when the message is cut short or of an unknown class or version.
 * Source: HDF5 File Format Specification 3.0, section IV.A.2.d.
 */
export function parseDatatype(cursor: FieldCursor): Datatype {
  const classAndVersion = cursor.u8();
  const version = classAndVersion >> 4;
  const classNumber = classAndVersion & 15;
  const bits = cursor.unsigned(3);
  const byteLength = cursor.u32();
  const className = CLASS_NAMES[classNumber];
  if (className === undefined || version < 1 || version > 5) {
    throw cursor.bad(`datatype class ${classNumber} of version ${version}`, 'classes 0 to 10');
  }
  if (byteLength === 0) throw cursor.bad('elements of 0 bytes', 'at least 1');
  const plain = { byteLength, dtype: null, littleEndian: true };
  switch (className) {
    case 'integer':
      return parseInteger(cursor, bits, byteLength);
    case 'float':
      return parseFloat(cursor, bits, byteLength);
    case 'string':
      return { ...plain, kind: 'fixedString', label: `string of ${byteLength} bytes` };
    case 'enumeration':
      return parseEnumeration(cursor, bits, version);
    case 'variable-length list':
      return (bits & 15) === 1
        ? { ...plain, kind: 'variableString', label: 'string' }
        : { ...plain, kind: 'variableList', label: className };
    case 'opaque':
      return { ...plain, kind: 'opaque', label: `opaque of ${byteLength} bytes` };
    case 'time':
    case 'bit field':
    case 'compound':
    case 'reference':
    case 'array':
      return { ...plain, kind: 'other', label: `${className} of ${byteLength} bytes` };
  }
}

/** Types of NumPy's extension ml_dtypes, which HDF5 files hold as opaque bytes. */
const NAMED_FLOATS: readonly Exclude<DType, 'string'>[] = [
  'bfloat16',
  'float8_e4m3fn',
  'float8_e4m3fnuz',
  'float8_e5m2',
  'float8_e5m2fnuz',
  'float8_e8m0fnu',
];

/**
 * What opaque elements are by the name of a float type that stands beside them; unchanged for another name or
 * elements of another size.
 * Source: H5Entry of Keras 3.15, saving_lib.py, which keeps the name in the attribute `dtype`.
 */
export function nameOpaque(datatype: Datatype, typeName: string | undefined): Datatype {
  const dtype = NAMED_FLOATS.find((name) => name === typeName);
  if (datatype.kind !== 'opaque' || dtype === undefined) return datatype;
  if (bytesPerElement(dtype) !== datatype.byteLength) return datatype;
  return { ...datatype, kind: 'number', dtype, label: dtype };
}

const INTEGERS: Readonly<Record<number, readonly [unsigned: DType, signed: DType]>> = {
  1: ['uint8', 'int8'],
  2: ['uint16', 'int16'],
  4: ['uint32', 'int32'],
  8: ['uint64', 'int64'],
};

function parseInteger(cursor: FieldCursor, bits: number, byteLength: number): Datatype {
  const bitOffset = cursor.u16();
  const precision = cursor.u16();
  const whole = bitOffset === 0 && precision === 8 * byteLength;
  const dtype = whole ? INTEGERS[byteLength]?.[(bits >> 3) & 1] : undefined;
  const littleEndian = (bits & 1) === 0;
  if (dtype !== undefined) return { kind: 'number', byteLength, dtype, littleEndian, label: dtype };
  const label = `integer of ${precision} bits in ${byteLength} bytes`;
  return { kind: 'other', byteLength, dtype: null, littleEndian, label };
}

/** Size, exponent location and size, mantissa location and size, bias: the fields that tell a float. */
const FLOATS: Readonly<Record<string, DType>> = {
  '8 52 11 0 52 1023': 'float64',
  '4 23 8 0 23 127': 'float32',
  '2 10 5 0 10 15': 'float16',
  '2 7 8 0 7 127': 'bfloat16',
  '1 3 4 0 3 7': 'float8_e4m3fn',
  '1 2 5 0 2 15': 'float8_e5m2',
};

function parseFloat(cursor: FieldCursor, bits: number, byteLength: number): Datatype {
  const bitOffset = cursor.u16();
  const precision = cursor.u16();
  const fields = [cursor.u8(), cursor.u8(), cursor.u8(), cursor.u8(), cursor.u32()];
  const whole = bitOffset === 0 && precision === 8 * byteLength;
  // Bit 6 with bit 0 is the byte order of the VAX; the sign stands above the exponent in all of these.
  const order = (bits & 1) | ((bits >> 5) & 2);
  const dtype = whole && order < 2 ? FLOATS[[byteLength, ...fields].join(' ')] : undefined;
  const littleEndian = order === 0;
  if (dtype !== undefined) return { kind: 'number', byteLength, dtype, littleEndian, label: dtype };
  const label = `float of ${precision} bits in ${byteLength} bytes`;
  return { kind: 'other', byteLength, dtype: null, littleEndian, label };
}

/** h5py stores booleans as an enumeration of FALSE and TRUE; others count as the integers they are. */
function parseEnumeration(cursor: FieldCursor, bits: number, version: number): Datatype {
  const memberCount = bits & 0xffff;
  if ((cursor.bytes[cursor.position] ?? 0) % 16 !== 0) {
    throw cursor.bad('an enumeration of other values', 'an enumeration of integers');
  }
  const base = parseDatatype(cursor);
  if (memberCount !== 2 || base.byteLength !== 1) return base;
  const names = [memberName(cursor, version), memberName(cursor, version)];
  return names.join() === 'FALSE,TRUE' ? { ...base, dtype: 'bool', label: 'bool' } : base;
}

function memberName(cursor: FieldCursor, version: number): string {
  const start = cursor.position;
  const name = cursor.zeroTerminated();
  const byteLength = cursor.position - start;
  if (version < 3) cursor.skip(Math.min(cursor.remaining, (8 - (byteLength % 8)) % 8));
  return name;
}
