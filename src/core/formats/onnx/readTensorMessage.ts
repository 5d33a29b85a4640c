import { MAX_RANK } from '../../limits';
import type { OnnxExternalData, OnnxSparseTensor, OnnxTensor } from './messages';
import type { MessageCursor } from './protobuf/messageCursor';
import type { WireMessage, WireRange, WireReader } from './protobuf/wireReader';

/** Bytes of one number of each typed field; null for varints. */
const TYPED_FIELDS: ReadonlyMap<number, 4 | 8 | null> = new Map([
  [4, 4],
  [5, null],
  [7, null],
  [10, 8],
  [11, null],
]);

/** With what is made of it a tensor takes about a kilobyte. */
const TENSOR_WEIGHT = 8;

const NO_NUMBERS: OnnxTensor['typed'] = new Map();
const NO_STRINGS: OnnxTensor['strings'] = [];

/** TensorProto.DataLocation.EXTERNAL */
const EXTERNAL = 1;

/**
 * Reads a TensorProto without its numbers.
 * @throws FormatError
 */
export async function readTensorMessage(
  reader: WireReader,
  message: WireMessage,
): Promise<OnnxTensor> {
  reader.countItem('tensor', TENSOR_WEIGHT);
  const parts = new TensorParts(message.byteOffset);
  const fields = reader.fields(message, 'tensor');
  while (await fields.next()) await parts.take(reader, fields);
  return parts.finish(reader);
}

class TensorParts {
  private name = '';
  private readonly dims: number[] = [];
  private dataType = 0;
  private raw: WireRange | null = null;
  // Made when needed, because there may be a hundred thousand small tensors.
  private typed: Map<number, WireRange[]> | null = null;
  private strings: WireRange[] | null = null;
  private entries: Map<string, ExternalEntry> | null = null;
  private location = 0;
  private isSegment = false;

  constructor(private readonly byteOffset: number) {}

  async take(reader: WireReader, fields: MessageCursor): Promise<void> {
    const width = TYPED_FIELDS.get(fields.fieldNumber);
    if (width !== undefined) this.takeNumbers(reader, fields, width);
    else if (fields.fieldNumber === 1) await fields.appendIntegers(this.dims, MAX_RANK);
    else if (fields.fieldNumber === 2) this.dataType = fields.integer();
    else if (fields.fieldNumber === 3) this.isSegment = true;
    else if (fields.fieldNumber === 6) {
      reader.countItem('string_data');
      (this.strings ??= []).push(fields.range());
    } else if (fields.fieldNumber === 8) this.name = await fields.text();
    else if (fields.fieldNumber === 9) {
      if (this.raw !== null) throw fields.broken('raw_data twice', 'raw_data once');
      this.raw = fields.range();
    } else if (fields.fieldNumber === 13) await this.takeEntry(reader, fields);
    else if (fields.fieldNumber === 14) this.location = fields.integer();
  }

  finish(reader: WireReader): OnnxTensor {
    const { name, dims, dataType, raw, isSegment, byteOffset } = this;
    const typed = this.typed ?? NO_NUMBERS;
    const strings = this.strings ?? NO_STRINGS;
    const external = this.location === EXTERNAL ? this.externalData(reader) : null;
    return { name, dims, dataType, raw, typed, strings, external, isSegment, byteOffset };
  }

  private takeNumbers(reader: WireReader, fields: MessageCursor, width: 4 | 8 | null): void {
    reader.countItem('numbers of a tensor');
    this.typed ??= new Map();
    const runs = this.typed.get(fields.fieldNumber) ?? [];
    runs.push(fields.numbers(width));
    this.typed.set(fields.fieldNumber, runs);
  }

  private async takeEntry(reader: WireReader, fields: MessageCursor): Promise<void> {
    reader.countItem('external_data');
    const { fieldOffset: byteOffset } = fields;
    const range = { byteOffset, byteLength: fields.position - byteOffset };
    const entry = await readEntry(reader, fields.inner());
    this.entries ??= new Map();
    if (this.entries.has(entry.key)) {
      throw fields.broken(`external_data ${JSON.stringify(entry.key)} twice`, 'each key once');
    }
    this.entries.set(entry.key, { ...entry, range });
  }

  private externalData(reader: WireReader): OnnxExternalData {
    const location = this.entries?.get('location');
    if (location === undefined) {
      const place = `tensor ${JSON.stringify(this.name)}`;
      throw reader.error(place, 'external data without a location', 'a location');
    }
    const checksum = this.entries?.get('checksum');
    const parent = checksum?.parent ?? null;
    return {
      location: location.value,
      offset: this.entries?.get('offset')?.value,
      length: this.entries?.get('length')?.value,
      locationText: location.text,
      checksum:
        checksum === undefined || parent === null ? null : { range: checksum.range, parent },
    };
  }
}

interface Entry {
  readonly key: string;
  readonly value: string;
  /** The value's text as a message, for its place among the lengths. */
  readonly text: WireMessage | null;
  /** What the entry lies in. */
  readonly parent: WireMessage | null;
}

interface ExternalEntry extends Entry {
  readonly range: WireRange;
}

/** Reads a StringStringEntryProto. @throws FormatError */
export async function readEntry(reader: WireReader, message: WireMessage): Promise<Entry> {
  let key = '';
  let value = '';
  let text: WireMessage | null = null;
  const fields = reader.fields(message, 'key and value');
  while (await fields.next()) {
    if (fields.fieldNumber === 1) key = await fields.text();
    else if (fields.fieldNumber === 2) {
      text = fields.inner();
      value = await fields.text();
    }
  }
  return { key, value, text, parent: message.parent };
}

/** Reads a SparseTensorProto. @throws FormatError */
export async function readSparseMessage(
  reader: WireReader,
  message: WireMessage,
): Promise<OnnxSparseTensor> {
  let values: OnnxTensor | null = null;
  let indices: OnnxTensor | null = null;
  const dims: number[] = [];
  const fields = reader.fields(message, 'sparse tensor');
  while (await fields.next()) {
    if (fields.fieldNumber === 1) values = await readTensorMessage(reader, fields.inner());
    else if (fields.fieldNumber === 2) indices = await readTensorMessage(reader, fields.inner());
    else if (fields.fieldNumber === 3) await fields.appendIntegers(dims, MAX_RANK);
  }
  if (values === null || indices === null) {
    const found = values === null ? 'no values' : 'no indices';
    throw reader.error('sparse tensor', found, 'values and indices', message.byteOffset);
  }
  return { values, indices, dims };
}
