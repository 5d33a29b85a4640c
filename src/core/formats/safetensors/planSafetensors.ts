import { UnsupportedError } from '../../errors';
import { MAX_SAFETENSORS_HEADER_BYTES } from '../../limits';
import { bytesPerElement, type DType } from '../../model/dtype';
import type { Model, Notice, TensorEntry } from '../../model/model';
import { SAFETENSORS_DTYPES } from './parseTensors';

export interface SafetensorsOptions {
  readonly includeOptimizer: boolean;
}

/** A tensor's place in the file to be written. */
export interface PlannedTensor {
  readonly tensor: TensorEntry;
  readonly name: string;
  /** From the start of the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** A safetensors file before its weights are written. */
export interface SafetensorsPlan {
  /** Length, header and padding: everything before the first tensor. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** In the order of the file. */
  readonly tensors: readonly PlannedTensor[];
  readonly byteLength: number;
  /** What does not come along, and what the format cannot say. */
  readonly warnings: readonly string[];
}

/** Names of the types by what they hold. */
const NAMES = new Map<DType, string>(
  Object.entries(SAFETENSORS_DTYPES).map(([name, dtype]) => [dtype, name]),
);

/** The reference implementation writes the types in this order, backwards. */
const ORDER = [
  'BOOL',
  'F4',
  'F6_E2M3',
  'F6_E3M2',
  'U8',
  'I8',
  'F8_E5M2',
  'F8_E4M3',
  'F8_E8M0',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
  'I16',
  'U16',
  'F16',
  'BF16',
  'I32',
  'U32',
  'F32',
  'C64',
  'F64',
  'I64',
  'U64',
];

const ALIGNMENT = 8;
const LENGTH_BYTES = 8;

/**
 * Lays out a model's tensors as the reference implementation does: by type, widest first, then by
 * name; the header padded with spaces to a multiple of 8 bytes. Tensors of types that the format does
 * not have are left out with a warning; so is what the reader of the model left out or renamed.
 * @throws UnsupportedError when no tensor is left, two have one name, or the header is too long.
 * Source: serialize of safetensors 0.8.0.
 */
export function planSafetensors(model: Model, options: SafetensorsOptions): SafetensorsPlan {
  const warnings = model.notices.filter(isAboutWhatIsLeft).map(({ message }) => message);
  const named = model.tensors
    .filter(({ role }) => options.includeOptimizer || role === 'parameter')
    .flatMap((tensor) => {
      const dtypeName = dtypeNameOf(tensor);
      const name = nameOf(model, tensor);
      if (dtypeName !== null) return [{ tensor, name, dtypeName }];
      const type = tensor.dtypeLabel ?? tensor.dtype;
      warnings.push(`${name} is left out: safetensors has no type for ${type}`);
      return [];
    });
  if (named.length === 0) throw nothingToWrite(model);
  assertNames(named);
  warnings.push(...tiedWarnings(named), ...optimizerWarning(model, options));
  named.sort(inReferenceOrder);
  return { ...layOut(named, metadataOf(model)), warnings };
}

/** Notices of what reading the model left out or renamed. Ties are said by {@link tiedWarnings}. */
const LEFT: ReadonlySet<Notice['code']> = new Set([
  'skipped-member',
  'duplicate-member',
  'duplicate-name',
]);

function isAboutWhatIsLeft({ code }: Notice): boolean {
  return LEFT.has(code);
}

interface NamedTensor {
  readonly tensor: TensorEntry;
  readonly name: string;
  readonly dtypeName: string;
}

/** Values that TensorFlow.js dequantises become what they stand for; other codes stay codes. */
function dtypeNameOf(tensor: TensorEntry): string | null {
  if (tensor.dtypeLabel !== undefined) return null;
  const packedOutOfOrder = tensor.storedElementBytes < 1 && tensor.storageOrder !== null;
  const wholeBytes = Number.isInteger(byteLengthOf(tensor));
  return packedOutOfOrder || !wholeBytes ? null : (NAMES.get(tensor.dtype) ?? null);
}

function byteLengthOf({ dtype, elementCount }: TensorEntry): number {
  return dtype === 'string' ? 0 : elementCount * bytesPerElement(dtype);
}

/** The one array of a .npy file has no name of its own. */
function nameOf(model: Model, tensor: TensorEntry): string {
  return tensor.name === '' ? (model.layers[0]?.name ?? 'array') : tensor.name;
}

function assertNames(tensors: readonly NamedTensor[]): void {
  const seen = new Set(['__metadata__']);
  for (const { name } of tensors) {
    if (seen.has(name)) {
      throw new UnsupportedError({
        feature: 'writing safetensors',
        found: `a tensor named ${JSON.stringify(name)} beside another thing of that name`,
        supported: 'each name once, and none that is __metadata__',
      });
    }
    seen.add(name);
  }
}

/** By type backwards, then by the bytes of the name. */
function inReferenceOrder(a: NamedTensor, b: NamedTensor): number {
  const byType = ORDER.indexOf(b.dtypeName) - ORDER.indexOf(a.dtypeName);
  return byType === 0 ? compareCodePoints(a.name, b.name) : byType;
}

/** The order of UTF-8 bytes is that of code points; UTF-16 units differ from it beyond the first plane. */
function compareCodePoints(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Tensors of one storage become copies: the format has no sharing. */
function tiedWarnings(tensors: readonly NamedTensor[]): string[] {
  const firstAt = new Map<string, string>();
  return tensors.flatMap(({ tensor, name }) => {
    const [span] = tensor.spans;
    if (span === undefined || tensor.elementCount === 0) return [];
    const place = `${span.fileIndex}:${span.byteOffset}`;
    const first = firstAt.get(place);
    if (first === undefined) {
      firstAt.set(place, name);
      return [];
    }
    return [`${name} shares its bytes with ${first}; both are written, and no longer tied`];
  });
}

function optimizerWarning(model: Model, { includeOptimizer }: SafetensorsOptions): string[] {
  const left = model.tensors.filter(({ role }) => role === 'optimizer').length;
  if (includeOptimizer || left === 0) return [];
  return [`${left} tensors of optimizer state are left out`];
}

/** `format` is what Transformers looks for; texts of a file that is safetensors already are kept. */
function metadataOf({ format, metadata }: Model): Readonly<Record<string, string>> {
  if (format === 'pytorch') return { format: 'pt' };
  if (!format.startsWith('safetensors')) return {};
  const texts = Object.entries(metadata).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(texts) as Record<string, string>;
}

function layOut(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Omit<SafetensorsPlan, 'warnings'> {
  // Text, not an object: names such as __proto__ and 1 must stay what and where they are.
  const fields: string[] = [];
  if (Object.keys(metadata).length > 0) fields.push(field('__metadata__', metadata));
  let end = 0;
  const starts = tensors.map(({ tensor, name, dtypeName }) => {
    const begin = end;
    end += byteLengthOf(tensor);
    fields.push(field(name, { dtype: dtypeName, shape: tensor.shape, data_offsets: [begin, end] }));
    return begin;
  });
  const head = headOf(`{${fields.join(',')}}`);
  const planned = tensors.map(({ tensor, name }, i) => ({
    tensor,
    name,
    byteOffset: head.length + (starts[i] ?? 0),
    byteLength: byteLengthOf(tensor),
  }));
  return { head, tensors: planned, byteLength: head.length + end };
}

function field(name: string, value: object): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function headOf(json: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(json);
  const headerBytes = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  if (headerBytes > MAX_SAFETENSORS_HEADER_BYTES) {
    throw new UnsupportedError({
      feature: 'writing safetensors',
      found: `a header of ${headerBytes} bytes`,
      supported: `at most ${MAX_SAFETENSORS_HEADER_BYTES}, the format's own limit`,
    });
  }
  const head = new Uint8Array(LENGTH_BYTES + headerBytes).fill(' '.charCodeAt(0));
  new DataView(head.buffer).setBigUint64(0, BigInt(headerBytes), true);
  head.set(text, LENGTH_BYTES);
  return head;
}

function nothingToWrite(model: Model): UnsupportedError {
  return new UnsupportedError({
    feature: 'writing safetensors',
    found: `${model.tensors.length} tensors, none of a type that the format has`,
    supported: 'numbers and truth values',
  });
}
