import { FormatError, type Place, UnsupportedError } from '../../errors';
import { inferLayers } from '../../graph/inferLayers';
import { type ByteSource, type Compression, readBytes } from '../../io';
import { INFLATE_RATIO_FREE_BYTES, MAX_INFLATE_RATIO } from '../../limits';
import type { ChecksummedRange, Model, Notice, Span, TensorEntry } from '../../model/model';
import { sliceSource } from '../memorySource';
import { type ZipMember, readZipDirectory } from '../zip/readZipDirectory';
import { zipContainer, type ZipPart } from '../zip/zipContainer';
import { DEFLATED, STORED } from '../zip/zipRecords';
import { npyTensor } from './npyTensor';
import { openCsrArrays } from './pack/openCsrArrays';
import { isPythonObjects } from './parseDescr';
import { NPY_PREFIX_BYTES, type NpyHeader, parseNpyHeader } from './parseNpyHeader';

const FORMAT = 'npz';

/**
 * A .npz archive as a model whose tensors are its arrays, in the archive's order. Stored members are
 * read by ranges, deflated ones in one pass from their start; both in constant space.
 * Members that are no arrays, or arrays of Python objects, are carried along and said. Sparse arrays are the dense
 * ones they stand for.
 * @throws FormatError; UnsupportedError naming the member, also when all arrays are of Python objects.
 */
export async function readNpz(source: ByteSource, compression: Compression): Promise<Model> {
  const members = await readZipDirectory(source, FORMAT);
  const builder = new NpzBuilder(source, compression);
  for (const member of lastOfEachName(members, builder.notices)) await builder.addMember(member);
  return openCsrArrays(builder.build());
}

/** NumPy yields the last of two members of one name. */
function lastOfEachName(members: readonly ZipMember[], notices: Notice[]): Iterable<ZipMember> {
  const byName = new Map<string, ZipMember>();
  for (const member of members) {
    if (byName.has(member.name)) {
      const message = `the archive holds ${JSON.stringify(member.name)} twice; the last one counts, as in NumPy`;
      notices.push({ code: 'duplicate-member', message });
    }
    byName.set(member.name, member);
  }
  return byName.values();
}

class NpzBuilder {
  readonly notices: Notice[] = [];
  private readonly files: ByteSource[];
  private readonly tensors: TensorEntry[] = [];
  private readonly checksums: ChecksummedRange[] = [];
  private readonly parts: ZipPart[] = [];
  /** Why the first array of Python objects was not read. */
  private objects: UnsupportedError | null = null;

  constructor(
    private readonly source: ByteSource,
    private readonly compression: Compression,
  ) {
    this.files = [source];
  }

  async addMember(member: ZipMember): Promise<void> {
    if (member.name.endsWith('/')) return;
    if (member.encrypted) throw unsupported(member, 'an encrypted member', 'plain members');
    const span = this.locate(member);
    const file = sliceSource(this.fileOf(span), span.byteOffset, span.byteLength);
    if (await isNpy(file, member)) await this.addArray(member, file, span);
    else this.skip(member, 'is no NumPy array; it is kept as it is');
  }

  build(): Model {
    const { parts, compression } = this;
    if (this.tensors.length === 0 && this.objects !== null) throw this.objects;
    return {
      format: FORMAT,
      formatLabel: 'NumPy archive',
      metadata: {},
      files: this.files,
      tensors: this.tensors,
      layers: inferLayers(this.tensors),
      graphMissing: 'a NumPy file holds weights only',
      checksums: this.checksums,
      ...(parts.length === 0
        ? {}
        : { containers: [zipContainer({ fileIndex: 0, parts, compression })] }),
      notices: this.notices,
    };
  }

  private async addArray(member: ZipMember, file: ByteSource, span: Span): Promise<void> {
    const where = { format: FORMAT, place: `member ${JSON.stringify(member.name)}` };
    const header = await this.headerOf(file, where);
    if (header === null) {
      const reason =
        'holds Python objects, stored as a pickle; it is kept as it is and its values are not read';
      this.skip(member, reason);
      return;
    }
    const data: Span = {
      fileIndex: span.fileIndex,
      byteOffset: span.byteOffset + header.dataOffset,
      byteLength: span.byteLength - header.dataOffset,
    };
    this.tensors.push(npyTensor(member.name.replace(/\.npy$/, ''), header, data, where));
  }

  /** Null for an array of Python objects. */
  private async headerOf(file: ByteSource, where: Place): Promise<NpyHeader | null> {
    try {
      return await parseNpyHeader(file, where);
    } catch (error) {
      if (!isPythonObjects(error)) throw error;
      this.objects ??= error;
      return null;
    }
  }

  private fileOf(span: Span): ByteSource {
    return this.files[span.fileIndex] ?? this.source;
  }

  private locate(member: ZipMember): Span {
    if (member.method === STORED) return this.locateStored(member);
    if (member.method === DEFLATED) return this.locateDeflated(member);
    throw unsupported(member, `compression method ${member.method}`, 'stored and deflated members');
  }

  private locateDeflated(member: ZipMember): Span {
    assertNoBomb(member);
    const { byteLength, compressedBytes, name } = member;
    const file = this.compression.openInflated({
      source: this.source,
      byteOffset: member.dataOffset,
      compressedBytes,
      byteLength,
      name,
      place: `member ${JSON.stringify(name)}`,
      wrapper: 'raw',
    });
    const fileIndex = this.files.push(file) - 1;
    this.parts.push({ fileIndex, member });
    return this.checked(member, { fileIndex, byteOffset: 0, byteLength });
  }

  private locateStored(member: ZipMember): Span {
    if (member.compressedBytes !== member.byteLength) {
      throw new FormatError({
        format: FORMAT,
        place: `member ${JSON.stringify(member.name)}`,
        found: `${member.compressedBytes} stored bytes for ${member.byteLength}`,
        allowed: 'the same number: the member is not compressed',
      });
    }
    const byteOffset = member.dataOffset;
    return this.checked(member, { fileIndex: 0, byteOffset, byteLength: member.byteLength });
  }

  private checked(member: ZipMember, span: Span): Span {
    const crcOffsets = member.crcOffsets.map((byteOffset) => ({ fileIndex: 0, byteOffset }));
    const { name, crc32 } = member;
    this.checksums.push({ name, span, crc32, update: this.compression.crc32, crcOffsets });
    return span;
  }

  private skip(member: ZipMember, reason: string): void {
    const message = `${JSON.stringify(member.name)} ${reason}`;
    this.notices.push({ code: 'skipped-member', message });
  }
}

function assertNoBomb(member: ZipMember): void {
  const ratio = member.byteLength / Math.max(1, member.compressedBytes);
  if (ratio <= MAX_INFLATE_RATIO || member.byteLength <= INFLATE_RATIO_FREE_BYTES) return;
  throw new FormatError({
    format: FORMAT,
    place: `member ${JSON.stringify(member.name)}`,
    found: `${member.compressedBytes} bytes that claim to inflate to ${member.byteLength}`,
    allowed: `above ${INFLATE_RATIO_FREE_BYTES} bytes at most ${MAX_INFLATE_RATIO} times the compressed size`,
    byteOffset: member.dataOffset,
  });
}

/** By content where the name does not say it; a member named .npy must be an array. */
async function isNpy(file: ByteSource, member: ZipMember): Promise<boolean> {
  if (member.name.endsWith('.npy')) return true;
  if (file.byteLength < NPY_PREFIX_BYTES) return false;
  const start = await readBytes(file, 0, 6);
  return start[0] === 0x93 && new TextDecoder().decode(start.subarray(1)) === 'NUMPY';
}

function unsupported(member: ZipMember, found: string, supported: string): UnsupportedError {
  return new UnsupportedError({
    feature: `npz member ${JSON.stringify(member.name)}`,
    found,
    supported,
  });
}
