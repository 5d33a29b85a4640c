import type { Compression } from '../../io';
import type { Container } from '../../model/model';
import type { ZipMember } from './readZipDirectory';
import { rewriteZip } from './rewriteZip';

/** A member of an archive that is a file of the model. */
export interface ZipPart {
  /** Index into {@link Model.files} of the member's decoded bytes; that file is `derived`. */
  readonly fileIndex: number;
  readonly member: ZipMember;
}

export interface ZipContainerOptions {
  /** Index into {@link Model.files} of the archive itself. */
  readonly fileIndex: number;
  /** Deflated members, and stored ones whose length may change. */
  readonly parts: readonly ZipPart[];
  readonly compression: Compression;
}

/**
 * A zip archive whose members are files of the model: changed ones are packed again by the method
 * they have, everything else (headers, comments, alignment, other members) is copied as it is.
 */
export function zipContainer({ fileIndex, parts, compression }: ZipContainerOptions): Container {
  return {
    fileIndex,
    parts: parts.map((part) => part.fileIndex),
    rewrite(job) {
      const changed = new Map(
        parts.flatMap((part) => {
          const content = job.changed.get(part.fileIndex);
          return content === undefined ? [] : [[part.member.localOffset, content] as const];
        }),
      );
      return rewriteZip({ job, changed, compression });
    },
  };
}
