import type { FieldCursor } from './fieldCursor';
import { malformed } from './hdf5Error';
import type { MetadataReader } from './metadataReader';
import type { CheckedBlock } from './objectHeader';

/** What a version 2 B-tree must be to be read. */
export interface TreeKind {
  readonly type: number;
  /** At least so many bytes a record; null where the type does not fix it. */
  readonly recordBytes: number | null;
  readonly place: string;
}

/** One record of a tree, with the node that its checksum covers. */
export interface TreeRecord {
  readonly cursor: FieldCursor;
  readonly block: CheckedBlock;
}

interface TreeHeader {
  readonly nodeBytes: number;
  readonly recordBytes: number;
  readonly rootAddress: number | null;
  readonly rootRecords: number;
  readonly depth: number;
  /** Bytes of a child's record count. */
  readonly countBytes: number;
  /** By depth: bytes of a child's total count, as its parent at that depth states it. */
  readonly totalBytes: readonly number[];
}

interface Node {
  readonly address: number;
  readonly depth: number;
  readonly recordCount: number;
}

const NODE_PREFIX_BYTES = 6;
const CHECKSUM_BYTES = 4;
/** A tree of this depth, with two children a node, has more nodes than bytes can be counted. */
const MAX_DEPTH = 32;

/**
 * The records of a version 2 B-tree, nodes first; every node is visited once.
 * @throws FormatError
 * Source: HDF5 File Format Specification 3.0, section III.A.2.
 */
export async function* readBtree2(
  reader: MetadataReader,
  address: number,
  kind: TreeKind,
): AsyncGenerator<TreeRecord, void, undefined> {
  const header = await readHeader(reader, address, kind);
  if (header.rootAddress === null) return;
  const seen = new Set<number>();
  const pending: Node[] = [
    { address: header.rootAddress, depth: header.depth, recordCount: header.rootRecords },
  ];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node.address)) {
      const found = `the node at address ${node.address} twice`;
      throw malformed({ place: kind.place, found, allowed: 'each once' });
    }
    seen.add(node.address);
    const cursor = await readNode(reader, header, node, kind);
    const block = { byteOffset: cursor.where.byteOffset, byteLength: cursor.bytes.length };
    for (let i = 0; i < node.recordCount; i++) {
      yield { cursor: cursor.section(header.recordBytes), block };
    }
    if (node.depth > 0) pending.push(...readChildren(cursor, header, node).reverse());
  }
}

async function readHeader(
  reader: MetadataReader,
  address: number,
  kind: TreeKind,
): Promise<TreeHeader> {
  const { offsetBytes, lengthBytes } = reader.widths;
  const byteLength = 16 + offsetBytes + 2 + lengthBytes + CHECKSUM_BYTES;
  const cursor = await reader.readChecked(address, byteLength, `B-tree of ${kind.place}`);
  cursor.signature('BTHD');
  cursor.version(0);
  const type = cursor.u8();
  if (type !== kind.type) throw cursor.bad(`records of type ${type}`, `type ${kind.type}`);
  const nodeBytes = cursor.u32();
  const recordBytes = cursor.u16();
  const depth = cursor.u16();
  cursor.skip(2);
  const rootAddress = cursor.address();
  const rootRecords = cursor.u16();
  if (depth > MAX_DEPTH) throw cursor.bad(`depth ${depth}`, `at most ${MAX_DEPTH}`);
  if (recordBytes === 0 || (kind.recordBytes !== null && recordBytes < kind.recordBytes)) {
    throw cursor.bad(`records of ${recordBytes} bytes`, `at least ${kind.recordBytes ?? 1}`);
  }
  const widths = countWidths(nodeBytes, recordBytes, { depth, offsetBytes });
  if (widths === null) throw cursor.bad(`nodes of ${nodeBytes} bytes`, 'room for a record');
  return { nodeBytes, recordBytes, rootAddress, rootRecords, depth, ...widths };
}

/** How wide the counts in a node are follows from how many records the nodes below can hold. */
function countWidths(
  nodeBytes: number,
  recordBytes: number,
  { depth, offsetBytes }: { readonly depth: number; readonly offsetBytes: number },
): Pick<TreeHeader, 'countBytes' | 'totalBytes'> | null {
  const room = nodeBytes - NODE_PREFIX_BYTES - CHECKSUM_BYTES;
  const leafRecords = Math.floor(room / recordBytes);
  if (leafRecords < 1) return null;
  const countBytes = bytesFor(leafRecords);
  const totalBytes = [0];
  let most = leafRecords;
  for (let level = 1; level <= depth; level++) {
    const below = totalBytes[level - 1] ?? 0;
    const pointerBytes = offsetBytes + countBytes + below;
    const records = Math.floor((room - pointerBytes) / (recordBytes + pointerBytes));
    if (records < 1) return null;
    most = (records + 1) * most + records;
    totalBytes.push(bytesFor(most));
  }
  return { countBytes, totalBytes };
}

function bytesFor(limit: number): number {
  return Math.floor(Math.log2(limit) / 8) + 1;
}

async function readNode(
  reader: MetadataReader,
  header: TreeHeader,
  node: Node,
  kind: TreeKind,
): Promise<FieldCursor> {
  const pointers =
    node.depth === 0 ? 0 : (node.recordCount + 1) * pointerBytes(reader, header, node);
  const byteLength =
    NODE_PREFIX_BYTES + node.recordCount * header.recordBytes + pointers + CHECKSUM_BYTES;
  const place = `B-tree node of ${kind.place}`;
  if (byteLength > header.nodeBytes) {
    const found = `${node.recordCount} records in a node of ${header.nodeBytes} bytes`;
    throw malformed({ place, found, allowed: 'as many as fit' });
  }
  const cursor = await reader.readChecked(node.address, byteLength, place);
  cursor.signature(node.depth === 0 ? 'BTLF' : 'BTIN');
  cursor.version(0);
  cursor.skip(1);
  return cursor;
}

function pointerBytes(reader: MetadataReader, header: TreeHeader, { depth }: Node): number {
  return reader.widths.offsetBytes + header.countBytes + (header.totalBytes[depth - 1] ?? 0);
}

function readChildren(cursor: FieldCursor, header: TreeHeader, node: Node): Node[] {
  return Array.from({ length: node.recordCount + 1 }, () => {
    const address = cursor.definedAddress('node');
    const recordCount = cursor.unsigned(header.countBytes);
    cursor.skip(header.totalBytes[node.depth - 1] ?? 0);
    return { address, depth: node.depth - 1, recordCount };
  });
}
