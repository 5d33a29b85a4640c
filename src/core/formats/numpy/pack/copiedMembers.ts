import { type ByteSource, readBytes } from '../../../io';
import { CHUNK_BYTES } from '../../../limits';
import { throwIfCancelled } from '../../../progress';
import { readZipDirectory, type ZipMember } from '../../zip/readZipDirectory';
import { STORED } from '../../zip/zipRecords';
import type { NpzMember } from '../npzMember';

/** The members of an archive; of those of one name the last, as in NumPy. @throws FormatError, IoError. */
export async function membersOf(source: ByteSource): Promise<readonly ZipMember[]> {
  const members = await readZipDirectory(source, 'npz');
  return [...new Map(members.map((member) => [member.name, member])).values()];
}

/** The name of the array that a member holds. */
export function arrayName({ name }: Pick<ZipMember, 'name'>): string {
  return name.replace(/\.npy$/, '');
}

/** A member as it stands in its archive, for another one. */
export function copiedMember(source: ByteSource, member: ZipMember): NpzMember {
  const { name, byteLength, method, compressedBytes, dataOffset, crc32: crc } = member;
  const compressed = { method, byteLength: compressedBytes };
  return {
    name,
    byteLength,
    ...(method === STORED ? {} : { compressed }),
    crc,
    async *chunks({ signal }) {
      for (let at = 0; at < compressedBytes; at += CHUNK_BYTES) {
        throwIfCancelled(signal);
        const some = Math.min(CHUNK_BYTES, compressedBytes - at);
        yield await readBytes(source, dataOffset + at, some);
      }
    },
  };
}
