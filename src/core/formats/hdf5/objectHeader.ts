import { MAX_HDF5_HEADER_BYTES } from '../../limits';
import type { FieldCursor } from './fieldCursor';
import { malformed, unsupported } from './hdf5Error';
import type { MetadataReader } from './metadataReader';

/** Message types of the specification, section IV.A.2. */
export const MessageType = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  nodeHalves: 0x13,
  attributeInfo: 0x15,
} as const;

/** A run of bytes with a checksum in its last four. */
export interface CheckedBlock {
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** One message of an object header. */
export interface HeaderMessage {
  readonly type: number;
  /** The body stands elsewhere: what is here refers to it. */
  readonly shared: boolean;
  /** At the start of the body. */
  readonly body: () => FieldCursor;
  /** What a checksum covers together with the message; null in version 1 headers. */
  readonly block: CheckedBlock | null;
}

/** The messages of an object: what makes it a group or a data set. */
export interface ObjectHeader {
  readonly address: number;
  /** The object's path, for messages. */
  readonly place: string;
  readonly messages: readonly HeaderMessage[];
}

const V1_PREFIX_BYTES = 16;
const V2_MAX_PREFIX_BYTES = 34;
const CHECKSUM_BYTES = 4;

/** The message of a type, if there is one. */
export function findMessage(header: ObjectHeader, type: number): HeaderMessage | undefined {
  return header.messages.find((message) => message.type === type);
}

/**
 * Reads an object header of version 1 or 2 with its continuations, each once.
 * @throws FormatError naming the object.
 * Source: HDF5 File Format Specification 3.0, section IV.A.1.
 */
export async function readObjectHeader(
  reader: MetadataReader,
  address: number,
  place: string,
): Promise<ObjectHeader> {
  const what = `object header of ${place}`;
  const start = await reader.readUpTo(address, V2_MAX_PREFIX_BYTES, what);
  const collector = new MessageCollector(reader, what);
  if (start.bytes[0] === 0x4f) await collector.readVersion2(start, address);
  else await collector.readVersion1(start, address);
  return { address, place, messages: collector.messages };
}

class MessageCollector {
  readonly messages: HeaderMessage[] = [];
  private readonly seen = new Set<number>();
  private readonly pending: { readonly address: number; readonly byteLength: number }[] = [];
  private headerBytes = 0;

  constructor(
    private readonly reader: MetadataReader,
    private readonly place: string,
  ) {}

  async readVersion1(start: FieldCursor, address: number): Promise<void> {
    start.version(1);
    start.skip(1);
    const messageCount = start.u16();
    start.skip(4);
    this.push(address + V1_PREFIX_BYTES, start.u32());
    for (let block = this.pending.shift(); block !== undefined; block = this.pending.shift()) {
      const cursor = await this.reader.read(block.address, block.byteLength, this.place);
      // A continuation states its length alone; the number of messages ends the list.
      while (cursor.remaining >= 8 && this.messages.length < messageCount) {
        this.addVersion1(cursor);
      }
    }
  }

  async readVersion2(start: FieldCursor, address: number): Promise<void> {
    start.signature('OHDR');
    start.version(2);
    const flags = start.u8();
    if ((flags & 0x20) !== 0) start.skip(16);
    if ((flags & 0x10) !== 0) start.skip(4);
    const messageBytes = start.unsigned(1 << (flags & 3));
    const prefixBytes = start.position;
    this.push(address, prefixBytes + messageBytes + CHECKSUM_BYTES);
    for (let first = true; this.pending.length > 0; first = false) {
      const block = this.pending.shift() ?? { address, byteLength: 0 };
      const cursor = await this.reader.readChecked(block.address, block.byteLength, this.place);
      if (first) cursor.skip(prefixBytes);
      else cursor.signature('OCHK');
      this.addBlock(cursor, (flags & 4) !== 0);
    }
  }

  private addVersion1(cursor: FieldCursor): void {
    const type = cursor.u16();
    const byteLength = cursor.u16();
    const flags = cursor.u8();
    cursor.skip(3);
    this.add(type, flags, cursor.section(byteLength), null);
  }

  private addBlock(cursor: FieldCursor, creationOrder: boolean): void {
    const block = { byteOffset: cursor.where.byteOffset, byteLength: cursor.bytes.length };
    const prefix = creationOrder ? 6 : 4;
    // Fewer bytes than a message's prefix are a gap.
    while (cursor.remaining >= prefix + CHECKSUM_BYTES) {
      const type = cursor.u8();
      const byteLength = cursor.u16();
      const flags = cursor.u8();
      if (creationOrder) cursor.skip(2);
      if (byteLength > cursor.remaining - CHECKSUM_BYTES) {
        throw cursor.bad(`a message of ${byteLength} bytes`, 'one that ends before the checksum');
      }
      this.add(type, flags, cursor.section(byteLength), block);
    }
  }

  private add(type: number, flags: number, body: FieldCursor, block: CheckedBlock | null): void {
    if (type === MessageType.continuation) {
      const address = body.definedAddress('continuation');
      this.push(address, body.length());
    }
    const makeBody = (): FieldCursor => {
      body.position = 0;
      return body.section(body.bytes.length);
    };
    this.messages.push({ type, shared: (flags & 2) !== 0, body: makeBody, block });
  }

  private push(address: number, byteLength: number): void {
    this.headerBytes += byteLength;
    if (this.seen.has(address) || this.headerBytes > MAX_HDF5_HEADER_BYTES) {
      const again = this.seen.has(address);
      throw malformed({
        place: this.place,
        found: again
          ? `the continuation at address ${address} twice`
          : `${this.headerBytes} bytes of messages`,
        allowed: again ? 'each once' : `at most ${MAX_HDF5_HEADER_BYTES}`,
      });
    }
    this.seen.add(address);
    this.pending.push({ address, byteLength });
  }
}

/**
 * The body of a message, also where it stands in another object (a committed datatype).
 * @throws UnsupportedError for the heap of shared messages; FormatError for a chain of references.
 */
export async function bodyOf(
  reader: MetadataReader,
  message: HeaderMessage,
  place: string,
): Promise<FieldCursor> {
  const body = message.body();
  return message.shared ? sharedBody(reader, body, { type: message.type, place }) : body;
}

/** Follows a reference to a shared message, once. Source: section IV.A.2, "Shared Message". */
export async function sharedBody(
  reader: MetadataReader,
  reference: FieldCursor,
  wanted: { readonly type: number; readonly place: string },
): Promise<FieldCursor> {
  const version = reference.u8();
  const kind = reference.u8();
  if (version === 1) reference.skip(6);
  if (version < 1 || version > 3) throw reference.bad(`version ${version}`, 'versions 1 to 3');
  if (version === 3 && kind === 1) {
    throw unsupported(
      wanted.place,
      "a message in the file's heap of shared messages",
      'messages in their object, or committed datatypes',
    );
  }
  const address = reference.definedAddress('shared message');
  const header = await readObjectHeader(reader, address, wanted.place);
  const target = header.messages.find(({ type, shared }) => type === wanted.type && !shared);
  if (target === undefined) throw reference.bad('a reference to nothing', 'a committed datatype');
  return target.body();
}
