import { FormatError, type Place, UnsupportedError } from '../../errors';
import type { ByteSource } from '../../io';
import type { Span, TensorEntry } from '../../model/model';
import { assertShape, countElements } from '../shape';
import {
  bytesPerVarint,
  type ElementType,
  elementBytesOf,
  elementTypeOf,
  isFixedWidthField,
} from './elementTypes';
import type { OnnxExternalData, OnnxTensor } from './messages';
import { VarintSource } from './varintSource';

/** What becomes of a tensor's name and role in the model. */
export interface EntryOptions {
  readonly name: string;
  readonly role: TensorEntry['role'];
}

/** A derived file of numbers in the main file, with its index. */
export interface VarintPart {
  readonly fileIndex: number;
  readonly source: VarintSource;
}

/**
 * Makes tensors of TensorProtos: checks that type, shape and bytes agree, and says where the bytes lie.
 * Files that tensors name must have been opened before.
 */
export class TensorEntries {
  /** The main file first. */
  readonly files: ByteSource[];
  readonly varintParts: VarintPart[] = [];

  constructor(
    private readonly main: ByteSource,
    /** Index into {@link files} by location. */
    private readonly externalFiles: ReadonlyMap<string, number>,
    openedFiles: readonly ByteSource[],
  ) {
    this.files = [main, ...openedFiles];
  }

  /** @throws FormatError naming the tensor; UnsupportedError for segments. */
  async make(tensor: OnnxTensor, options: EntryOptions): Promise<TensorEntry> {
    const where = { format: 'onnx', place: `tensor ${JSON.stringify(options.name)}` };
    assertWhole(tensor, where);
    const type = typeOf(tensor, where);
    const shape = assertShape(tensor.dims, where);
    const storedElementBytes = elementBytesOf(type.dtype);
    const elementCount = countElements(shape, Math.max(1, storedElementBytes), where);
    const byteLength = Math.ceil(elementCount * storedElementBytes);
    const spans = await this.spansOf(tensor, { type, elementCount, byteLength, where });
    return {
      ...options,
      shape,
      dtype: type.dtype,
      elementCount,
      storedElementBytes,
      spans,
      littleEndian: true,
      storageOrder: null,
    };
  }

  private async spansOf(tensor: OnnxTensor, needs: Needs): Promise<readonly Span[]> {
    const { external, raw, strings } = tensor;
    if (needs.type.dtype === 'string') {
      assertLength(strings.length, needs.elementCount, needs, 'strings');
      return [];
    }
    assertOneForm(tensor, needs);
    if (external !== null) return this.externalSpans(external, needs);
    if (raw !== null && raw.byteLength > 0) {
      assertLength(raw.byteLength, needs.byteLength, needs, 'bytes of raw_data');
      return [{ fileIndex: 0, ...raw }];
    }
    const runs = tensor.typed.get(needs.type.field) ?? [];
    const fixed = isFixedWidthField(needs.type.field);
    if (fixed || runs.length === 0) {
      const found = runs.reduce((sum, run) => sum + run.byteLength, 0);
      assertLength(found, needs.byteLength, needs, `bytes of ${needs.type.fieldName}`);
      return runs.filter((run) => run.byteLength > 0).map((run) => ({ fileIndex: 0, ...run }));
    }
    return this.varintSpans(runs, needs);
  }

  private async varintSpans(
    runs: readonly { readonly byteOffset: number; readonly byteLength: number }[],
    { type, byteLength, where }: Needs,
  ): Promise<readonly Span[]> {
    const numberBytes = bytesPerVarint(type.dtype);
    const name = `${this.main.name}: ${where.place}`;
    const source = await VarintSource.open(this.main, runs, { name, numberBytes, where });
    if (source.byteLength !== byteLength) {
      throw new FormatError({
        ...where,
        found: `${source.byteLength / numberBytes} numbers of ${type.fieldName}`,
        allowed: `${byteLength / numberBytes} for its shape`,
      });
    }
    if (byteLength === 0) return [];
    const fileIndex = this.files.push(source) - 1;
    this.varintParts.push({ fileIndex, source });
    return [{ fileIndex, byteOffset: 0, byteLength }];
  }

  private externalSpans(external: OnnxExternalData, needs: Needs): readonly Span[] {
    const { where, byteLength } = needs;
    const fileIndex = this.externalFiles.get(external.location) ?? -1;
    const file = this.files[fileIndex];
    if (file === undefined) throw new Error(`${external.location} was not opened`);
    const byteOffset = parseCount(external.offset, 'offset', where) ?? 0;
    const available = file.byteLength - byteOffset;
    if (available < byteLength) {
      throw new FormatError({
        ...where,
        found: `${byteLength} bytes from byte ${byteOffset} of ${external.location} on`,
        allowed: `at most its ${file.byteLength} bytes`,
      });
    }
    // Without a length the tensor takes what its shape needs, as onnxruntime has it.
    const length = parseCount(external.length, 'length', where) ?? byteLength;
    assertLength(length, byteLength, needs, 'bytes of external data');
    return byteLength === 0 ? [] : [{ fileIndex, byteOffset, byteLength }];
  }
}

/** What a tensor's type and shape ask for. */
interface Needs {
  readonly type: ElementType;
  readonly elementCount: number;
  readonly byteLength: number;
  readonly where: Place;
}

function assertWhole(tensor: OnnxTensor, where: Place): void {
  if (!tensor.isSegment) return;
  throw new UnsupportedError({
    feature: `ONNX ${where.place}`,
    found: 'a tensor in segments',
    supported: 'tensors in one piece',
  });
}

function typeOf(tensor: OnnxTensor, where: Place): ElementType {
  const type = elementTypeOf(tensor.dataType);
  if (type !== undefined) return type;
  throw new FormatError({
    ...where,
    found: `element type ${tensor.dataType}`,
    allowed: 'the types 1 (FLOAT) to 26 (INT2)',
    byteOffset: tensor.byteOffset,
  });
}

/** Two forms may disagree, and readers differ in which they take. */
function assertOneForm({ raw, typed, external, byteOffset }: OnnxTensor, { where }: Needs): void {
  const forms = [
    ...(raw === null || raw.byteLength === 0 ? [] : ['raw_data']),
    ...(external === null ? [] : ['external data']),
  ];
  if ([...typed.values()].some((runs) => runs.some((run) => run.byteLength > 0))) {
    forms.push('a typed field');
  }
  if (forms.length < 2) return;
  const allowed = 'one of raw_data, a typed field and external data';
  throw new FormatError({ ...where, found: forms.join(' and '), allowed, byteOffset });
}

function assertLength(found: number, needed: number, { where }: Needs, what: string): void {
  if (found === needed) return;
  throw new FormatError({
    ...where,
    found: `${found} ${what}`,
    allowed: `${needed} for its shape`,
  });
}

/** Offsets and lengths are kept as decimal text. */
function parseCount(text: string | undefined, what: string, where: Place): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new FormatError({
    ...where,
    found: `${what} ${JSON.stringify(text)}`,
    allowed: 'a whole number from 0 to 2^53 - 1',
  });
}
