import type { FieldCursor } from './fieldCursor';
import { malformed } from './hdf5Error';
import type { MetadataReader } from './metadataReader';

/** What a version 1 B-tree must be to be read. */
export interface OldTreeKind {
  /** 0 for groups, 1 for chunks. */
  readonly type: 0 | 1;
  readonly keyBytes: number;
  /** A node may hold at most so many entries. */
  readonly capacity: number;
  readonly place: string;
}

/** An entry of a leaf: what its key says, and the child it leads to. */
export interface LeafEntry {
  readonly key: FieldCursor;
  readonly child: number;
  /** Absolute offset of the child's address in the file. */
  readonly childOffset: number;
}

const NODE_PREFIX_BYTES = 8;
/** Two entries a node at this depth are more than any file has bytes. */
const MAX_LEVEL = 48;

/**
 * The entries of a version 1 B-tree's leaves, in order. Every node is visited once, and a child is one
 * level below its parent.
 * @throws FormatError
 * Source: HDF5 File Format Specification 3.0, section III.A.1.
 */
export async function* readBtree1(
  reader: MetadataReader,
  address: number,
  kind: OldTreeKind,
): AsyncGenerator<LeafEntry, void, undefined> {
  const place = `B-tree of ${kind.place}`;
  const seen = new Set<number>();
  const pending: { readonly address: number; readonly level: number | null }[] = [
    { address, level: null },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next.address)) {
      const found = `the node at address ${next.address} twice`;
      throw malformed({ place, found, allowed: 'each once' });
    }
    seen.add(next.address);
    const node = await readNode(reader, next.address, kind);
    if (next.level !== null && node.level !== next.level) {
      throw node.cursor.bad(`a node of level ${node.level}`, `level ${next.level}`);
    }
    const entries = Array.from({ length: node.entryCount }, () => readEntry(node.cursor, kind));
    if (node.level === 0) yield* entries;
    else {
      const level = node.level - 1;
      pending.push(...entries.reverse().map(({ child }) => ({ address: child, level })));
    }
  }
}

async function readNode(reader: MetadataReader, address: number, kind: OldTreeKind) {
  const place = `B-tree node of ${kind.place}`;
  const { offsetBytes } = reader.widths;
  const prefixBytes = NODE_PREFIX_BYTES + 2 * offsetBytes;
  const prefix = await reader.read(address, prefixBytes, place);
  prefix.signature('TREE');
  const type = prefix.u8();
  if (type !== kind.type) throw prefix.bad(`nodes of type ${type}`, `type ${kind.type}`);
  const level = prefix.u8();
  if (level > MAX_LEVEL) throw prefix.bad(`level ${level}`, `at most ${MAX_LEVEL}`);
  const entryCount = prefix.u16();
  if (entryCount > kind.capacity) {
    throw prefix.bad(`${entryCount} entries in a node`, `at most ${kind.capacity}`);
  }
  const byteLength = prefixBytes + entryCount * (kind.keyBytes + offsetBytes);
  const cursor = await reader.read(address, byteLength, place);
  cursor.skip(prefixBytes);
  return { level, entryCount, cursor };
}

function readEntry(cursor: FieldCursor, kind: OldTreeKind): LeafEntry {
  const key = cursor.section(kind.keyBytes);
  const childOffset = cursor.byteOffset;
  return { key, childOffset, child: cursor.definedAddress('child') };
}
