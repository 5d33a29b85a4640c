import { FormatError, UnsupportedError } from '../../errors';
import { type ByteSource, type Compression, readBytes } from '../../io';
import { INFLATE_RATIO_FREE_BYTES, MAX_INFLATE_RATIO } from '../../limits';
import type { ChecksummedRange, Container, Model, Span } from '../../model/model';
import { sliceSource } from '../memorySource';
import { readPickle } from '../pickle/readPickle';
import { readZipDirectory, type ZipMember } from '../zip/readZipDirectory';
import { zipContainer, type ZipPart } from '../zip/zipContainer';
import { type PlacedPickle, PYTORCH, pytorchModel } from './pytorchModel';
import { assertStorageBytes, type Storages } from './storages';

const STORED = 0;
const DEFLATED = 8;

/**
 * A zip archive of torch.save (since PyTorch 1.6) or torch.jit.save: `data.pkl`, whose tensors name
 * storages `data/0`, … beside it, all below one folder of any name.
 * @throws FormatError when a member is missing or comes twice; UnsupportedError.
 * Source: torch/serialization.py (`_save`, `_load`) and caffe2/serialize/inline_container.cc of PyTorch 2.13.
 */
export async function readZipPytorch(source: ByteSource, compression: Compression): Promise<Model> {
  const members = await readZipDirectory(source, PYTORCH);
  const archive = new TorchArchive(source, members, compression);
  const littleEndian = await archive.isLittleEndian();
  const main = await archive.readPickle('data.pkl', '');
  const constants = archive.has('constants.pkl')
    ? [await archive.readPickle('constants.pkl', 'constants.')]
    : [];
  const model = await pytorchModel({
    source,
    files: archive.files,
    pickles: [main, ...constants],
    storages: archive.storages(littleEndian),
    checksums: archive.checksums(),
    container: archive.has('constants.pkl') ? 'TorchScript' : 'zip',
    notices: [],
  });
  // Only now is it known which deflated members hold tensors.
  return { ...model, containers: archive.containers() };
}

class TorchArchive {
  readonly files: ByteSource[];
  private readonly byName = new Map<string, ZipMember>();
  private readonly folder: string;
  private readonly inflated = new Map<string, Span>();
  private readonly parts: ZipPart[] = [];

  constructor(
    source: ByteSource,
    private readonly members: readonly ZipMember[],
    private readonly compression: Compression,
  ) {
    this.files = [source];
    for (const member of members) {
      // Readers differ in which of two they take.
      if (this.byName.has(member.name))
        throw this.error(member.name, 'it twice', 'each member once');
      this.byName.set(member.name, member);
    }
    this.folder = this.findFolder();
  }

  has(name: string): boolean {
    return this.byName.has(this.folder + name);
  }

  async readPickle(name: string, prefix: string): Promise<PlacedPickle> {
    const span = this.locate(this.folder + name);
    const file = this.files[span.fileIndex];
    if (file === undefined) throw new Error('the member lies in one of the files');
    const source = sliceSource(file, span.byteOffset, span.byteLength);
    const place = `member ${JSON.stringify(this.folder + name)}`;
    const { value, trace } = await readPickle(source, 0, { format: PYTORCH, place });
    return { value, trace, fileIndex: span.fileIndex, byteOffset: span.byteOffset, prefix };
  }

  /** The member `byteorder`; files from before there was one are little-endian. */
  async isLittleEndian(): Promise<boolean> {
    if (!this.has('byteorder')) return true;
    const span = this.locate(`${this.folder}byteorder`);
    const head = sliceSource(
      this.files[span.fileIndex] ?? nothing(),
      span.byteOffset,
      span.byteLength,
    );
    const bytes = await readBytes(head, 0, Math.min(16, head.byteLength));
    const order = new TextDecoder().decode(bytes);
    if (order === 'little' || order === 'big') return order === 'little';
    throw this.error(`${this.folder}byteorder`, JSON.stringify(order), '"little" or "big"');
  }

  storages(littleEndian: boolean): Storages {
    return {
      littleEndian,
      locate: (reference, where) => {
        const name = this.storageMember(reference.key, where.place);
        const member = this.byName.get(name);
        if (member === undefined) {
          const found = `storage ${JSON.stringify(name)}, which is not in the archive`;
          throw new FormatError({ ...where, found, allowed: 'a storage that is there' });
        }
        assertStorageBytes(reference, {
          name: JSON.stringify(name),
          found: member.byteLength,
          where,
        });
        return this.locate(name);
      },
    };
  }

  /** Constants of TorchScript have a folder of their own. */
  private storageMember(key: string, place: string): string {
    const constant = `${this.folder}constants/${key}`;
    const isConstant = place.startsWith('tensor "constants.') && this.byName.has(constant);
    return isConstant ? constant : `${this.folder}data/${key}`;
  }

  /** Of stored members; a writer that was told to leave checksums out leaves all of them zero. */
  checksums(): readonly ChecksummedRange[] {
    const stored = this.members.filter(
      ({ method, byteLength }) => method === STORED && byteLength > 0,
    );
    if (stored.every(({ crc32 }) => crc32 === 0)) return [];
    return stored.map(({ name, dataOffset, byteLength, crc32, crcOffsets }) => ({
      name,
      span: { fileIndex: 0, byteOffset: dataOffset, byteLength },
      crc32,
      update: this.compression.crc32,
      crcOffsets: crcOffsets.map((byteOffset) => ({ fileIndex: 0, byteOffset })),
    }));
  }

  /** Of the deflated members that were located so far. */
  containers(): readonly Container[] {
    const { parts, compression } = this;
    return parts.length === 0 ? [] : [zipContainer({ fileIndex: 0, parts, compression })];
  }

  /** Where `data.pkl` lies; the folder is called as the file was when it was saved. */
  private findFolder(): string {
    const candidates = this.members
      .map(({ name }) => name)
      .filter((name) => name === 'data.pkl' || /^[^/]*\/data\.pkl$/.test(name));
    const [first, ...more] = candidates;
    if (first === undefined) {
      throw this.error('data.pkl', `none among ${this.members.length} members`, 'one');
    }
    if (more.length > 0) throw this.error('data.pkl', candidates.join(', '), 'one');
    return first.slice(0, -'data.pkl'.length);
  }

  private locate(name: string): Span {
    const member = this.byName.get(name);
    if (member === undefined) throw this.error(name, 'no such member', 'a member of the archive');
    if (member.encrypted) throw this.unsupported(name, 'an encrypted member');
    if (member.method === DEFLATED) return this.locateInflated(member);
    if (member.method !== STORED) throw this.unsupported(name, `compression ${member.method}`);
    if (member.compressedBytes !== member.byteLength) {
      throw this.error(name, `${member.compressedBytes} stored bytes`, `${member.byteLength}`);
    }
    return { fileIndex: 0, byteOffset: member.dataOffset, byteLength: member.byteLength };
  }

  private locateInflated(member: ZipMember): Span {
    const known = this.inflated.get(member.name);
    if (known !== undefined) return known;
    const { name, byteLength, compressedBytes } = member;
    const allowed = Math.max(INFLATE_RATIO_FREE_BYTES, MAX_INFLATE_RATIO * compressedBytes);
    if (byteLength > allowed) throw this.error(name, `${byteLength} inflated bytes`, `${allowed}`);
    const source = this.files[0] ?? nothing();
    const place = `member ${JSON.stringify(name)}`;
    const range = { byteOffset: member.dataOffset, compressedBytes, byteLength, name, place };
    this.files.push(this.compression.openInflated({ ...range, source, wrapper: 'raw' }));
    const span = { fileIndex: this.files.length - 1, byteOffset: 0, byteLength };
    this.inflated.set(name, span);
    this.parts.push({ fileIndex: span.fileIndex, member });
    return span;
  }

  private error(member: string, found: string, allowed: string): FormatError {
    const place = `member ${JSON.stringify(member)}`;
    return new FormatError({ format: PYTORCH, place, found, allowed });
  }

  private unsupported(member: string, found: string): UnsupportedError {
    const feature = `PyTorch archive, member ${JSON.stringify(member)}`;
    return new UnsupportedError({ feature, found, supported: 'stored and deflated members' });
  }
}

function nothing(): never {
  throw new Error('an archive has its own file first');
}
