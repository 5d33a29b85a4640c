import { FormatError, type Place } from '../../errors';
import { bytesPerElement, type DType } from '../../model/dtype';
import type { TensorEntry } from '../../model/model';
import { describeJson, isJsonObject } from '../parseJson';
import { assertShape, countElements } from '../shape';

type FixedDType = Exclude<DType, 'string'>;

/** The types of the reference implementation, version 0.8, by their names in a header. */
export const SAFETENSORS_DTYPES: Readonly<Record<string, FixedDType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8_e4m3fn',
  F8_E5M2: 'float8_e5m2',
  F8_E4M3FNUZ: 'float8_e4m3fnuz',
  F8_E5M2FNUZ: 'float8_e5m2fnuz',
  F8_E8M0: 'float8_e8m0fnu',
  F6_E2M3: 'float6_e2m3fn',
  F6_E3M2: 'float6_e3m2fn',
  F4: 'float4_e2m1fn',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U64: 'uint64',
  U32: 'uint32',
  U16: 'uint16',
  U8: 'uint8',
  BOOL: 'bool',
  C64: 'complex64',
};

export interface DataRegion {
  /** Place the tensors' bytes begin; their offsets count from here. */
  readonly dataStart: number;
  readonly fileByteLength: number;
}

/**
 * The tensors of a header, in the order of their bytes (the file's order).
 * @throws FormatError on an unknown dtype, a bad shape, and bytes that overlap, leave holes or overrun.
 */
export function parseTensors(
  header: Readonly<Record<string, unknown>>,
  region: DataRegion,
): readonly TensorEntry[] {
  const tensors = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => parseTensor(name, entry, region));
  tensors.sort((a, b) => startOf(a) - startOf(b) || a.elementCount - b.elementCount);
  assertCoversFile(tensors, region);
  return tensors;
}

function startOf(tensor: TensorEntry): number {
  return tensor.spans[0]?.byteOffset ?? 0;
}

function parseTensor(name: string, entry: unknown, region: DataRegion): TensorEntry {
  const where = { format: 'safetensors', place: `tensor ${JSON.stringify(name)}` };
  if (!isJsonObject(entry)) {
    throw new FormatError({ ...where, found: describeJson(entry), allowed: 'a JSON object' });
  }
  const dtype = parseDType(entry['dtype'], where);
  const elementBytes = bytesPerElement(dtype);
  const shape = assertShape(entry['shape'], where);
  const elementCount = countElements(shape, elementBytes, where);
  const [begin, end] = parseOffsets(entry['data_offsets'], where);
  if (!Number.isInteger(elementCount * elementBytes)) {
    throw new FormatError({
      ...where,
      found: `${elementCount} elements of ${elementBytes * 8} bits`,
      allowed: 'packed elements that fill whole bytes',
    });
  }
  if (end - begin !== elementCount * elementBytes) {
    throw new FormatError({
      ...where,
      found: `${end - begin} bytes (data_offsets ${begin} to ${end})`,
      allowed: `${elementCount * elementBytes} for shape ${describeJson(shape)} of ${dtype}`,
    });
  }
  return {
    name,
    shape,
    dtype,
    elementCount,
    storedElementBytes: elementBytes,
    spans: [{ fileIndex: 0, byteOffset: region.dataStart + begin, byteLength: end - begin }],
    littleEndian: true,
    storageOrder: null,
    role: 'parameter',
  };
}

function parseDType(value: unknown, where: Place): FixedDType {
  const known =
    typeof value === 'string' && Object.hasOwn(SAFETENSORS_DTYPES, value)
      ? SAFETENSORS_DTYPES[value]
      : undefined;
  if (known === undefined) {
    throw new FormatError({
      ...where,
      found: `dtype ${describeJson(value)}`,
      allowed: Object.keys(SAFETENSORS_DTYPES).join(', '),
    });
  }
  return known;
}

function parseOffsets(value: unknown, where: Place): readonly [number, number] {
  const [begin, end] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
  if (!isOffset(begin) || !isOffset(end) || end < begin) {
    throw new FormatError({
      ...where,
      found: `data_offsets ${describeJson(value)}`,
      allowed: 'two whole numbers from 0, the second not below the first',
    });
  }
  return [begin, end];
}

function isOffset(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function assertCoversFile(tensors: readonly TensorEntry[], region: DataRegion): void {
  let expected = region.dataStart;
  for (const tensor of tensors) {
    const span = tensor.spans[0];
    if (span === undefined) continue;
    if (span.byteOffset !== expected) {
      throw new FormatError({
        format: 'safetensors',
        place: `tensor ${JSON.stringify(tensor.name)}`,
        found: `data that begins at ${span.byteOffset - region.dataStart}`,
        allowed: `${expected - region.dataStart}: tensors follow each other without ${span.byteOffset < expected ? 'overlap' : 'hole'}`,
        byteOffset: span.byteOffset,
      });
    }
    expected += span.byteLength;
  }
  if (expected !== region.fileByteLength) {
    throw new FormatError({
      format: 'safetensors',
      place: 'data',
      found: `a file of ${region.fileByteLength} bytes`,
      allowed: `${expected}: header and tensors, nothing missing and nothing after`,
      byteOffset: Math.min(expected, region.fileByteLength),
    });
  }
}
