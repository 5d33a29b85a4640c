import type { JobControl } from '../../progress';
import { encodeDirectoryEntry, encodeLocalHeader, encodeZipEnd } from '../zip/encodeZip';
import { descrBytes, encodeNpyHeader, type NpyDescr } from './npyHeader';

/** A member of an npz that is to be written. */
export interface NpzMember {
  /** With its extension. */
  readonly name: string;
  readonly byteLength: number;
  /** Absent where it is stored. */
  readonly compressed?: { readonly method: number; readonly byteLength: number };
  /** Of the uncompressed bytes; absent where it is computed from the chunks. */
  readonly crc?: number;
  /** The bytes as they stand in the archive. */
  readonly chunks: (
    control: Pick<JobControl, 'signal'>,
  ) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** An array whose values come in pieces, in C order and in the byte order of their type. */
export interface MemberArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly descr: NpyDescr;
  readonly chunks: NpzMember['chunks'];
}

/** An array as the stored member that holds it. */
export function arrayMember({ name, shape, descr, chunks }: MemberArray): NpzMember {
  const head = encodeNpyHeader(shape, descr);
  const elementCount = shape.reduce((product, size) => product * size, 1);
  return {
    name: `${name}.npy`,
    byteLength: head.length + elementCount * descrBytes(descr),
    async *chunks(control) {
      yield head;
      yield* chunks(control);
    },
  };
}

/** The members' sizes as they count in an archive. */
type Sized = Pick<NpzMember, 'name' | 'byteLength' | 'compressed'>;

/** Bytes that a member takes of an archive: headers, content and its entry in the directory. */
export function memberBytes(member: Sized, headerOffset = 0): number {
  const { compressed, byteLength } = member;
  const entry = { ...member, name: new TextEncoder().encode(member.name), crc: 0, headerOffset };
  const content = compressed?.byteLength ?? byteLength;
  return encodeLocalHeader(entry).length + content + encodeDirectoryEntry(entry).length;
}

/** Bytes of an archive of these members. */
export function archiveBytes(members: readonly Sized[]): number {
  let bodies = 0;
  let directoryBytes = 0;
  for (const member of members) {
    const { compressed, byteLength } = member;
    const name = new TextEncoder().encode(member.name);
    const entry = { ...member, name, crc: 0, headerOffset: bodies };
    directoryBytes += encodeDirectoryEntry(entry).length;
    bodies += encodeLocalHeader(entry).length + (compressed?.byteLength ?? byteLength);
  }
  const end = { entryCount: members.length, directoryOffset: bodies, directoryBytes };
  return bodies + directoryBytes + encodeZipEnd(end).length;
}
