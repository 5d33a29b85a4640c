import type { MetadataReader } from './metadataReader';
import { readBtree1 } from './btree1';
import { readBtree2 } from './btree2';
import { decodeText, type FieldCursor } from './fieldCursor';
import { FractalHeap } from './fractalHeap';
import { malformed } from './hdf5Error';
import { findMessage, MessageType, type ObjectHeader } from './objectHeader';
import type { NodeHalves } from './superblock';

/** One name in a group. */
export type Link =
  | { readonly kind: 'hard'; readonly name: string; readonly address: number }
  | { readonly kind: 'soft' | 'external' | 'user'; readonly name: string; readonly target: string };

/** Type of the records of a B-tree over the names of links. */
const NAME_RECORDS = 5;
const HASH_BYTES = 4;
const HARD = 0;
const SOFT = 1;
const EXTERNAL = 64;

/** Whether an object is a group, of the old or the new style. */
export function isGroup(header: ObjectHeader): boolean {
  return (
    findMessage(header, MessageType.symbolTable) !== undefined ||
    findMessage(header, MessageType.linkInfo) !== undefined ||
    findMessage(header, MessageType.link) !== undefined
  );
}

/**
 * The links of a group: from its symbol table (old style), its link messages, or its fractal heap.
 * @throws FormatError
 * Source: HDF5 File Format Specification 3.0, sections III.B to III.D, IV.A.2.c, g and r.
 */
export async function* readLinks(
  reader: MetadataReader,
  header: ObjectHeader,
  halves: NodeHalves,
): AsyncGenerator<Link, void, undefined> {
  const symbolTable = findMessage(header, MessageType.symbolTable);
  if (symbolTable !== undefined) {
    const body = symbolTable.body();
    yield* readSymbolTable(reader, body, { place: header.place, halves });
  }
  for (const message of header.messages) {
    if (message.type === MessageType.link) yield parseLink(message.body());
  }
  const linkInfo = findMessage(header, MessageType.linkInfo);
  if (linkInfo !== undefined) yield* readDenseLinks(reader, linkInfo.body(), header.place);
}

interface GroupPlace {
  readonly place: string;
  readonly halves: NodeHalves;
}

async function* readSymbolTable(
  reader: MetadataReader,
  body: FieldCursor,
  { place, halves }: GroupPlace,
): AsyncGenerator<Link, void, undefined> {
  const treeAddress = body.definedAddress('B-tree');
  const names = await readLocalHeap(reader, body.definedAddress('heap'), place);
  const entries = readBtree1(reader, treeAddress, {
    type: 0,
    keyBytes: reader.widths.lengthBytes,
    capacity: 2 * halves.groupInternal,
    place,
  });
  for await (const { child } of entries) {
    yield* readSymbols(reader, child, { names, place, capacity: 2 * halves.groupLeaf });
  }
}

interface SymbolNode {
  readonly names: FieldCursor;
  readonly place: string;
  readonly capacity: number;
}

async function* readSymbols(
  reader: MetadataReader,
  address: number,
  { names, place, capacity }: SymbolNode,
): AsyncGenerator<Link, void, undefined> {
  const what = `symbol table of ${place}`;
  const start = await reader.read(address, 8, what);
  start.signature('SNOD');
  start.version(1);
  start.skip(1);
  const count = start.u16();
  if (count > capacity) throw start.bad(`${count} symbols`, `at most ${capacity}`);
  const entryBytes = 2 * reader.widths.offsetBytes + 24;
  const cursor = await reader.read(address + 8, count * entryBytes, what);
  for (let i = 0; i < count; i++) yield readSymbol(cursor.section(entryBytes), names);
}

/** Scratch space of this type holds the place of a soft link's target in the heap. */
const CACHED_SOFT_LINK = 2;

function readSymbol(entry: FieldCursor, names: FieldCursor): Link {
  const name = textAt(names, entry.unsigned(entry.widths.offsetBytes));
  const address = entry.address();
  const cacheType = entry.u32();
  entry.skip(4);
  if (cacheType === CACHED_SOFT_LINK) {
    return { kind: 'soft', name, target: textAt(names, entry.u32()) };
  }
  if (address === null) throw entry.bad(`${JSON.stringify(name)} without an object`, 'an address');
  return { kind: 'hard', name, address };
}

function textAt(heap: FieldCursor, offset: number): string {
  if (offset >= heap.bytes.length) {
    throw heap.bad(`a name at ${offset}`, `offsets below ${heap.bytes.length}`);
  }
  heap.position = offset;
  return heap.zeroTerminated();
}

async function readLocalHeap(
  reader: MetadataReader,
  address: number,
  place: string,
): Promise<FieldCursor> {
  const what = `local heap of ${place}`;
  const { offsetBytes, lengthBytes } = reader.widths;
  const header = await reader.read(address, 8 + 2 * lengthBytes + offsetBytes, what);
  header.signature('HEAP');
  header.version(0);
  header.skip(3);
  const byteLength = header.length();
  header.skip(lengthBytes);
  return reader.read(header.definedAddress('names'), byteLength, what);
}

async function* readDenseLinks(
  reader: MetadataReader,
  body: FieldCursor,
  place: string,
): AsyncGenerator<Link, void, undefined> {
  body.version(0);
  const flags = body.u8();
  if ((flags & 1) !== 0) body.skip(8);
  const heapAddress = body.address();
  const treeAddress = body.address();
  if (heapAddress === null || treeAddress === null) return;
  const heap = await FractalHeap.open(reader, heapAddress, place);
  const kind = { type: NAME_RECORDS, recordBytes: HASH_BYTES + heap.idBytes, place };
  for await (const { cursor } of readBtree2(reader, treeAddress, kind)) {
    cursor.skip(HASH_BYTES);
    yield parseLink(await heap.object(cursor.section(heap.idBytes)));
  }
}

/** Source: section IV.A.2.g, "Link Message". */
function parseLink(cursor: FieldCursor): Link {
  cursor.version(1);
  const flags = cursor.u8();
  const kind = (flags & 8) === 0 ? HARD : cursor.u8();
  if ((flags & 4) !== 0) cursor.skip(8);
  if ((flags & 16) !== 0) cursor.skip(1);
  const nameBytes = cursor.unsigned(1 << (flags & 3));
  if (nameBytes === 0) {
    throw malformed({
      place: cursor.where.place,
      found: 'a link without a name',
      allowed: 'a name',
    });
  }
  const name = decodeText(cursor.take(nameBytes));
  if (kind === HARD) return { kind: 'hard', name, address: cursor.definedAddress('object') };
  const value = cursor.take(cursor.u16());
  const target = decodeText(value).replaceAll('\0', ' ').trim();
  const known = kind === SOFT ? 'soft' : kind === EXTERNAL ? 'external' : 'user';
  return { kind: known, name, target };
}
