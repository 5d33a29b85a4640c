import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../src/core/formats/zip/crc32';

/** How one member of a made archive is written. Every form here is found in files people have. */
export interface MadeMember {
  /** In bytes where it is no ASCII. */
  readonly name: string | Uint8Array;
  readonly bytes: Uint8Array;
  readonly deflated?: boolean;
  /** Sizes and CRC follow the data instead of standing in the local header. */
  readonly descriptor?: 'signed' | 'unsigned' | 'wide';
  /** The local header's sizes stand in a zip64 extra, as NumPy writes them. */
  readonly localZip64?: boolean;
  /** So do the sizes and the offset of the central directory. */
  readonly centralZip64?: boolean;
  /** The data is aligned to 64 bytes by PyTorch's padding. */
  readonly torchPadding?: boolean;
  readonly utf8?: boolean;
  readonly comment?: string;
}

export interface MadeArchive {
  readonly members: readonly MadeMember[];
  /** With a zip64 end record and locator. */
  readonly zip64End?: boolean;
  readonly comment?: string;
  /** Bytes between the members, and between the last one and the directory. */
  readonly gap?: number;
}

/** A zip archive as the forms say, and where each member's data lies. */
export function makeZip(archive: MadeArchive): { bytes: Buffer; dataOffsets: readonly number[] } {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  const dataOffsets: number[] = [];
  let at = 0;
  const push = (part: Buffer): void => {
    parts.push(part);
    at += part.length;
  };
  for (const member of archive.members) {
    const data =
      member.deflated === true ? deflateRawSync(member.bytes) : Buffer.from(member.bytes);
    const crc = crc32(member.bytes);
    const sizes = { crc, compressed: data.length, plain: member.bytes.length };
    central.push(centralEntry(member, sizes, at));
    push(localHeader(member, sizes, at));
    dataOffsets.push(at);
    push(data);
    push(descriptorOf(member, sizes));
    push(Buffer.alloc(archive.gap ?? 0, '.'));
  }
  const directoryOffset = at;
  for (const entry of central) push(entry);
  push(
    endRecords(archive, { directoryOffset, directoryBytes: at - directoryOffset, endOffset: at }),
  );
  return { bytes: Buffer.concat(parts), dataOffsets };
}

interface Sizes {
  readonly crc: number;
  readonly compressed: number;
  readonly plain: number;
}

function flagsOf(member: MadeMember): number {
  return (member.descriptor === undefined ? 0 : 8) | (member.utf8 === true ? 0x800 : 0);
}

function nameOf({ name }: MadeMember): Buffer {
  return Buffer.from(name);
}

function localHeader(member: MadeMember, sizes: Sizes, at: number): Buffer {
  const name = nameOf(member);
  const described = member.descriptor !== undefined;
  const wide = member.localZip64 === true;
  const extras = wide ? [zip64Extra(described ? [0, 0] : [sizes.plain, sizes.compressed])] : [];
  if (member.torchPadding === true) {
    const start = at + 30 + name.length + Buffer.concat(extras).length + 4;
    extras.push(extraField(0x4246, Buffer.alloc((64 - (start % 64)) % 64, 'Z')));
  }
  const extra = Buffer.concat(extras);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flagsOf(member), 6);
  header.writeUInt16LE(member.deflated === true ? 8 : 0, 8);
  header.writeUInt32LE(described ? 0 : sizes.crc, 14);
  header.writeUInt32LE(wide ? 0xffffffff : described ? 0 : sizes.compressed, 18);
  header.writeUInt32LE(wide ? 0xffffffff : described ? 0 : sizes.plain, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

function descriptorOf({ descriptor }: MadeMember, sizes: Sizes): Buffer {
  if (descriptor === undefined) return Buffer.alloc(0);
  const wide = descriptor === 'wide';
  const numbers = Buffer.alloc(wide ? 20 : 12);
  numbers.writeUInt32LE(sizes.crc, 0);
  if (wide) {
    numbers.writeBigUInt64LE(BigInt(sizes.compressed), 4);
    numbers.writeBigUInt64LE(BigInt(sizes.plain), 12);
  } else {
    numbers.writeUInt32LE(sizes.compressed, 4);
    numbers.writeUInt32LE(sizes.plain, 8);
  }
  return descriptor === 'unsigned' ? numbers : Buffer.concat([Buffer.from('PK\x07\x08'), numbers]);
}

function centralEntry(member: MadeMember, sizes: Sizes, localOffset: number): Buffer {
  const name = nameOf(member);
  const wide = member.centralZip64 === true;
  const extra = wide ? zip64Extra([sizes.plain, sizes.compressed, localOffset]) : Buffer.alloc(0);
  const comment = Buffer.from(member.comment ?? '');
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(45, 4);
  entry.writeUInt16LE(20, 6);
  entry.writeUInt16LE(flagsOf(member), 8);
  entry.writeUInt16LE(member.deflated === true ? 8 : 0, 10);
  entry.writeUInt32LE(sizes.crc, 16);
  entry.writeUInt32LE(wide ? 0xffffffff : sizes.compressed, 20);
  entry.writeUInt32LE(wide ? 0xffffffff : sizes.plain, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.writeUInt16LE(comment.length, 32);
  entry.writeUInt32LE(wide ? 0xffffffff : localOffset, 42);
  return Buffer.concat([entry, name, extra, comment]);
}

interface DirectoryPlace {
  readonly directoryOffset: number;
  readonly directoryBytes: number;
  readonly endOffset: number;
}

function endRecords(archive: MadeArchive, place: DirectoryPlace): Buffer {
  const count = archive.members.length;
  const wide = archive.zip64End === true;
  const comment = Buffer.from(archive.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(wide ? 0xffff : count, 8);
  end.writeUInt16LE(wide ? 0xffff : count, 10);
  end.writeUInt32LE(wide ? 0xffffffff : place.directoryBytes, 12);
  end.writeUInt32LE(wide ? 0xffffffff : place.directoryOffset, 16);
  end.writeUInt16LE(comment.length, 20);
  if (!wide) return Buffer.concat([end, comment]);
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(place.directoryBytes), 40);
  record.writeBigUInt64LE(BigInt(place.directoryOffset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(place.endOffset), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator, end, comment]);
}

function zip64Extra(numbers: readonly number[]): Buffer {
  const data = Buffer.alloc(8 * numbers.length);
  for (const [i, number] of numbers.entries()) data.writeBigUInt64LE(BigInt(number), 8 * i);
  return extraField(1, data);
}

function extraField(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(data.length, 2);
  return Buffer.concat([head, data]);
}
