import { FormatError, type Place } from '../../errors';
import type { ByteSource } from '../../io';
import {
  ALIAS_RATIO_FREE_BYTES,
  MAX_ALIAS_RATIO,
  MAX_QUANTIZER_SCALES,
  MAX_SPARSE_DENSE_BYTES,
  MAX_VIEW_SPANS,
} from '../../limits';
import type { AffineCodes, Notice, Span, TensorEntry } from '../../model/model';
import { decodeValues, makeDecodeScratch } from '../../model/decodeValues';
import { storedByteLength } from '../../model/model';
import type { FoundTensor } from '../pickle/findTensors';
import { pickledArrayTensor } from '../pickle/pickledArrayTensor';
import type { TextPart } from '../pickle/latin1Container';
import { UniqueNames } from '../pickle/uniqueNames';
import { flatIndexMap } from '../../model/elementOrder';
import { countElements } from '../shape';
import { sparseSource } from './sparseSource';
import type { Storages } from './storages';
import type { Quantizer, SparseTensor, StridedTensor, TorchTensor } from './torchTensor';
import { layOutView } from './viewSpans';

/** What a pickle's tensors lie in. */
export interface TensorPlaces {
  readonly format: string;
  /** The model's files: derived ones are appended. */
  readonly files: ByteSource[];
  readonly storages: Storages;
  /** Where the pickle itself begins, for arrays that lie in it. */
  readonly pickle: Pick<Span, 'fileIndex' | 'byteOffset'>;
  /** All bytes on disk, which what tensors claim is measured against. */
  readonly byteLength: number;
}

/** The entries of tensors found in a pickle, checked against their storages. */
export class TensorBuilder {
  readonly tensors: TensorEntry[] = [];
  private readonly skipped: Notice[] = [];
  private readonly names = new UniqueNames();
  private readonly texts = new Map<number, TextPart>();
  private spanCount = 0;
  private claimedBytes = 0;

  constructor(private readonly places: TensorPlaces) {}

  get notices(): readonly Notice[] {
    return [...this.names.notices, ...this.skipped];
  }

  /** @throws FormatError naming the tensor, and its storage where that is what is wrong. */
  async add({ name, tensor, role }: FoundTensor<TorchTensor>): Promise<void> {
    const where = { format: this.places.format, place: `tensor ${JSON.stringify(name)}` };
    if (tensor.kind === 'unread') {
      this.skip(name, tensor.reason);
      return;
    }
    const unnamed = await this.build(tensor, where);
    this.claim(storedByteLength(unnamed), where);
    this.tensors.push({ ...unnamed, name: this.names.take(name), role });
  }

  private build(
    tensor: Exclude<TorchTensor, { kind: 'unread' }>,
    where: Place,
  ): TensorEntry | Promise<TensorEntry> {
    switch (tensor.kind) {
      case 'strided':
        return this.buildStrided(tensor, where);
      case 'sparse':
        return this.buildSparse(tensor, where);
      case 'array': {
        const { pickle, files } = this.places;
        return pickledArrayTensor(tensor.array, { pickle, files, texts: this.texts, where });
      }
    }
  }

  private async buildStrided(tensor: StridedTensor, where: Place): Promise<TensorEntry> {
    const { type, quantizer } = tensor;
    const entry = this.stridedEntry(tensor, where);
    if (quantizer === null) return entry;
    const affine = await this.readAffine(quantizer, where);
    return type.dtype === 'string' ? entry : { ...entry, affine };
  }

  private stridedEntry(tensor: StridedTensor, where: Place): TensorEntry {
    const { shape, type } = tensor;
    const elementCount = countElements(shape, type.elementBytes, where);
    const storage = this.locateStorage(tensor, where);
    const view = { ...tensor, elementBytes: type.elementBytes, storage };
    const layout = layOutView(view, where, MAX_VIEW_SPANS - this.spanCount);
    this.spanCount += layout.spans.length;
    return {
      name: '',
      shape,
      dtype: type.dtype,
      ...(type.label === undefined ? {} : { dtypeLabel: type.label }),
      elementCount,
      storedElementBytes: type.elementBytes,
      ...layout,
      littleEndian: this.places.storages.littleEndian || type.elementBytes === 1,
      role: 'parameter',
    };
  }

  /** The part of the storage that the tensor may use, and that its elements lie within it. */
  private locateStorage(tensor: StridedTensor, where: Place): Span {
    const { storage, type } = tensor;
    const whole = this.places.storages.locate(storage, where);
    const unit = storage.type.elementBytes;
    const from = (storage.view?.offset ?? 0) * unit;
    const length = (storage.view?.elementCount ?? storage.elementCount) * unit;
    const reach = reachOf(tensor) * type.elementBytes;
    if (from + Math.max(length, 0) > whole.byteLength || reach > length) {
      throw new FormatError({
        ...where,
        found: `sizes, strides and offset that reach to byte ${from + reach}`,
        allowed: `at most ${Math.min(from + length, whole.byteLength)}, the end of storage ${JSON.stringify(storage.key)}`,
      });
    }
    return { ...whole, byteOffset: whole.byteOffset + from, byteLength: length };
  }

  private buildSparse(tensor: SparseTensor, where: Place): TensorEntry {
    const { indices, values, shape } = tensor;
    const count = indices.shape[1] ?? 0;
    if (
      indices.shape.length !== 2 ||
      indices.shape[0] !== shape.length ||
      values.shape[0] !== count
    ) {
      const found = `indices (${indices.shape.join(', ')}) and values (${values.shape.join(', ')})`;
      throw new FormatError({
        ...where,
        found,
        allowed: `one index for each of ${shape.length} axes`,
      });
    }
    if (values.shape.length !== 1 || indices.type.dtype !== 'int64') {
      const found = 'values that are blocks';
      throw new FormatError({ ...where, found, allowed: 'one value for each index, of int64' });
    }
    const [indexEntry, valueEntry] = [indices, values].map((one) => this.stridedEntry(one, where));
    if (indexEntry === undefined || valueEntry === undefined) throw new Error('two entries');
    this.claim(storedByteLength(indexEntry) + storedByteLength(valueEntry), where);
    const elementCount = countElements(shape, valueEntry.storedElementBytes, where);
    const dense = elementCount * valueEntry.storedElementBytes;
    if (dense > MAX_SPARSE_DENSE_BYTES) {
      const found = `a sparse tensor that spreads to ${dense} bytes`;
      throw new FormatError({ ...where, found, allowed: `at most ${MAX_SPARSE_DENSE_BYTES}` });
    }
    const source = sparseSource({
      name: where.place,
      shape,
      elementBytes: valueEntry.storedElementBytes,
      readIndices: () => this.readIndices(indexEntry),
      readValues: () => this.readAll(valueEntry),
      where,
    });
    this.places.files.push(source);
    const span = { fileIndex: this.places.files.length - 1, byteOffset: 0, byteLength: dense };
    return { ...valueEntry, shape, elementCount, spans: [span], storageOrder: null };
  }

  private async readIndices(entry: TensorEntry): Promise<BigInt64Array> {
    const bytes = await this.readAll(entry);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const indices = new BigInt64Array(entry.elementCount);
    const flatIndexOf = flatIndexMap(entry);
    for (let i = 0; i < indices.length; i++) {
      indices[flatIndexOf?.(i) ?? i] = view.getBigInt64(8 * i, entry.littleEndian);
    }
    return indices;
  }

  private async readAll({ spans }: TensorEntry): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(spans.reduce((sum, { byteLength }) => sum + byteLength, 0));
    let at = 0;
    for (const { fileIndex, byteOffset, byteLength } of spans) {
      const part = bytes.subarray(at, at + byteLength);
      await this.places.files[fileIndex]?.readInto(byteOffset, part);
      at += byteLength;
    }
    return bytes;
  }

  private async readAffine(quantizer: Quantizer, where: Place): Promise<AffineCodes> {
    if (quantizer.kind === 'tensor') {
      return { scales: [quantizer.scale], zeroPoints: [quantizer.zeroPoint], axis: null };
    }
    const [scales, zeroPoints] = [
      await this.readNumbers(quantizer.scales, where),
      await this.readNumbers(quantizer.zeroPoints, where),
    ];
    return { scales, zeroPoints, axis: quantizer.axis };
  }

  private async readNumbers(tensor: StridedTensor, where: Place): Promise<readonly number[]> {
    const entry = this.stridedEntry(tensor, where);
    if (entry.elementCount > MAX_QUANTIZER_SCALES) {
      const found = `${entry.elementCount} scales`;
      throw new FormatError({ ...where, found, allowed: `at most ${MAX_QUANTIZER_SCALES}` });
    }
    const bytes = await this.readAll(entry);
    return [...decodeValues(entry, bytes, makeDecodeScratch(), entry.elementCount)];
  }

  /** Small files that claim many bytes by views over the same ones are taken for bombs. */
  private claim(byteLength: number, where: Place): void {
    this.claimedBytes += byteLength;
    const allowed = MAX_ALIAS_RATIO * this.places.byteLength + ALIAS_RATIO_FREE_BYTES;
    if (this.claimedBytes <= allowed) return;
    throw new FormatError({
      ...where,
      found: `tensors of ${this.claimedBytes} bytes`,
      allowed: `at most ${allowed} in a file of ${this.places.byteLength}`,
    });
  }

  private skip(name: string, reason: string): void {
    const message = `tensor ${JSON.stringify(name)} is not shown: ${reason}`;
    this.skipped.push({ code: 'skipped-member', message });
  }
}

/** Elements from the storage's start to the last that the view touches; 0 for an empty view. */
function reachOf({ shape, strides, storageOffset }: StridedTensor): number {
  if (shape.includes(0)) return 0;
  return shape.reduce(
    (sum, size, axis) => sum + (size - 1) * (strides[axis] ?? 0),
    storageOffset + 1,
  );
}
