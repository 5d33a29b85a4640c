import { type ByteSource, readBytes } from '../../io';
import { FieldCursor } from './fieldCursor';
import { HDF5, malformed, unsupported } from './hdf5Error';
import { assertChecksum, type FileExtent } from './metadataReader';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] as const;
/** The longest superblock: version 1 with addresses of 8 bytes. */
const MAX_BYTES = 100;
const PLACE = 'superblock';

/** What the first structure of a file tells. */
export interface Superblock {
  readonly version: number;
  readonly extent: FileExtent;
  readonly rootAddress: number;
  readonly extensionAddress: number | null;
  /** Half the capacity of the nodes of old-style groups and chunk indexes, where it is stated here. */
  readonly nodeHalves: NodeHalves;
  /** Where the end-of-file address stands, to be rewritten when the file grows. */
  readonly endField: { readonly byteOffset: number; readonly byteLength: number };
  /** The whole superblock where it ends in a checksum; null for versions 0 and 1. */
  readonly checked: { readonly byteOffset: number; readonly byteLength: number } | null;
  /** To be added to an absolute end to give the stored one. */
  readonly endShift: number;
}

/** "K" of version 1 B-trees: a node holds at most twice as many entries. */
export interface NodeHalves {
  readonly groupLeaf: number;
  readonly groupInternal: number;
  readonly chunk: number;
}

/** The library's own defaults. */
const DEFAULT_HALVES: NodeHalves = { groupLeaf: 4, groupInternal: 16, chunk: 32 };

/** Whether an HDF5 signature stands at the beginning of these bytes. */
export function startsWithHdf5(start: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => start[i] === byte);
}

/**
 * Where the HDF5 signature stands: at 0, 512, 1024 and so on; null where there is none.
 * Source: HDF5 File Format Specification 3.0, section II.A.
 */
export async function findSuperblock(source: ByteSource): Promise<number | null> {
  for (let at = 0; at + SIGNATURE.length <= source.byteLength; at = at === 0 ? 512 : 2 * at) {
    if (startsWithHdf5(await readBytes(source, at, SIGNATURE.length))) return at;
  }
  return null;
}

/**
 * Reads the superblock, versions 0 to 3.
 * @throws FormatError also when the file is shorter than the superblock says.
 */
export async function readSuperblock(source: ByteSource): Promise<Superblock> {
  const start = await findSuperblock(source);
  if (start === null) {
    throw malformed({
      place: source.name,
      found: source.byteLength === 0 ? 'an empty file' : 'no HDF5 signature',
      allowed: 'the signature \\x89HDF\\r\\n\\x1a\\n at 0, 512, 1024, …',
      byteOffset: 0,
    });
  }
  const bytes = await readBytes(source, start, Math.min(MAX_BYTES, source.byteLength - start));
  const version = bytes[SIGNATURE.length];
  const where = { place: PLACE, byteOffset: start };
  const read = version === undefined || version < 2 ? readOldSuperblock : readNewSuperblock;
  const superblock = read(bytes, where, { start, source });
  assertWhole(superblock, source);
  return superblock;
}

interface Start {
  readonly start: number;
  readonly source: ByteSource;
}

function readOldSuperblock(
  bytes: Uint8Array<ArrayBuffer>,
  where: { readonly place: string; readonly byteOffset: number },
  { start }: Start,
): Superblock {
  const fixed = new FieldCursor(bytes, { offsetBytes: 8, lengthBytes: 8 }, where);
  fixed.skip(SIGNATURE.length);
  const version = fixed.u8();
  fixed.skip(4);
  const widths = { offsetBytes: width(fixed), lengthBytes: width(fixed) };
  fixed.skip(1);
  const groupLeaf = positive(fixed, fixed.u16());
  const groupInternal = positive(fixed, fixed.u16());
  fixed.skip(4);
  const chunk = version === 1 ? positive(fixed, fixed.u16()) : DEFAULT_HALVES.chunk;
  if (version === 1) fixed.skip(2);
  const cursor = new FieldCursor(bytes, widths, where);
  cursor.skip(fixed.position);
  const storedBase = cursor.definedAddress('base');
  cursor.address();
  const end = readEnd(cursor, start - storedBase);
  cursor.address();
  cursor.address();
  return {
    version,
    extent: { baseOffset: start, endOffset: end.endOffset, widths },
    rootAddress: cursor.definedAddress('root group'),
    extensionAddress: null,
    nodeHalves: { groupLeaf, groupInternal, chunk },
    endField: end.field,
    checked: null,
    endShift: storedBase - start,
  };
}

function readNewSuperblock(
  bytes: Uint8Array<ArrayBuffer>,
  where: { readonly place: string; readonly byteOffset: number },
  { start }: Start,
): Superblock {
  const fixed = new FieldCursor(bytes, { offsetBytes: 8, lengthBytes: 8 }, where);
  fixed.skip(SIGNATURE.length);
  const version = fixed.u8();
  if (version > 3) throw fixed.bad(`superblock version ${version}`, 'versions 0 to 3');
  const widths = { offsetBytes: width(fixed), lengthBytes: width(fixed) };
  fixed.skip(1);
  const byteLength = fixed.position + 4 * widths.offsetBytes + 4;
  const whole = new FieldCursor(bytes, widths, where).section(byteLength);
  assertChecksum(whole);
  whole.skip(fixed.position);
  const storedBase = whole.definedAddress('base');
  const extensionAddress = whole.address();
  const end = readEnd(whole, start - storedBase);
  return {
    version,
    extent: { baseOffset: start, endOffset: end.endOffset, widths },
    rootAddress: whole.definedAddress('root group'),
    extensionAddress,
    nodeHalves: DEFAULT_HALVES,
    endField: end.field,
    checked: { byteOffset: start, byteLength },
    endShift: storedBase - start,
  };
}

/** The stored end counts from the beginning of the file; a file that was moved states its old place. */
function readEnd(cursor: FieldCursor, moved: number) {
  const field = { byteOffset: cursor.byteOffset, byteLength: cursor.widths.offsetBytes };
  const endOffset = cursor.definedAddress('end of file') + moved;
  return { field, endOffset };
}

function width(cursor: FieldCursor): number {
  const bytes = cursor.u8();
  if (bytes === 2 || bytes === 4 || bytes === 8) return bytes;
  if (bytes === 16 || bytes === 32) {
    throw unsupported(PLACE, `addresses or lengths of ${bytes} bytes`, '2, 4 or 8 bytes');
  }
  throw cursor.bad(`addresses or lengths of ${bytes} bytes`, '2, 4 or 8 bytes');
}

function positive(cursor: FieldCursor, value: number): number {
  if (value === 0) throw cursor.bad('a B-tree of rank 0', 'at least 1');
  return value;
}

function assertWhole({ extent }: Superblock, source: ByteSource): void {
  const { baseOffset, endOffset } = extent;
  if (endOffset > source.byteLength) {
    throw malformed({
      place: `${PLACE} of ${source.name}`,
      found: `a file of ${source.byteLength} bytes`,
      allowed: `${endOffset} bytes, as its ${HDF5} superblock says: it is cut short`,
      byteOffset: baseOffset,
    });
  }
  if (endOffset > baseOffset) return;
  throw malformed({
    place: PLACE,
    found: `the end of the file at ${endOffset}`,
    allowed: 'an end after the beginning',
    byteOffset: baseOffset,
  });
}
