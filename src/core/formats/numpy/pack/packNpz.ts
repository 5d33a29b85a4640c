import type { ByteSource } from '../../../io';
import { MAX_SPARSE_RATIO, SPARSE_RATIO_FREE_BYTES } from '../../../limits';
import { type Model, storedByteLength, type TensorEntry } from '../../../model/model';
import { countKept, hasWholeElements } from '../../../pack/countKept';
import { type Packing, type TensorPacking, tooFewZeros } from '../../../pack/packing';
import type { JobControl } from '../../../progress';
import type { ZipMember } from '../../zip/readZipDirectory';
import { STORED } from '../../zip/zipRecords';
import { npyDescrOf } from '../npyDescr';
import { archiveBytes, memberBytes, type NpzMember } from '../npzMember';
import { arrayName, copiedMember, membersOf } from './copiedMembers';
import { CSR_PARTS, csrPartName, NAME_PART } from './csrLayout';
import { csrMembers } from './csrMembers';
import { writeMembers } from './writeMembers';

/**
 * Plans an npz without its zeros: each array that becomes smaller so is written as the arrays of
 * {@link csrLayout}, stored, in its place; all else is copied as it stands. The array of an archive that
 * holds one matrix and nothing else is written as scipy.sparse.save_npz writes it. One pass over the arrays; space: a chunk.
 * @throws FormatError, IoError, CancelledError.
 */
export async function packNpz(model: Model, control: JobControl): Promise<Packing> {
  const [source] = model.files;
  if (source === undefined) throw new Error('an npz model has a file');
  const members = await membersOf(source);
  const packer = new NpzPacker(model, source, { members, control });
  const written: NpzMember[] = [];
  for (const member of members) written.push(...(await packer.rewrite(member)));
  const byteLength = archiveBytes(written);
  return {
    byteLength,
    tensors: packer.tensors,
    write: (sink, writing) => writeMembers(written, sink, writing),
  };
}

interface Packer {
  readonly members: readonly ZipMember[];
  readonly control: JobControl;
}

class NpzPacker {
  readonly tensors: TensorPacking[] = [];
  /** Names of arrays that are there already. */
  private readonly names: ReadonlySet<string>;
  private freeBytes = SPARSE_RATIO_FREE_BYTES;

  constructor(
    private readonly model: Model,
    private readonly source: ByteSource,
    private readonly packer: Packer,
  ) {
    this.names = new Set(packer.members.map(arrayName));
  }

  /** The members that stand for one of the archive. */
  async rewrite(member: ZipMember): Promise<readonly NpzMember[]> {
    const { control } = this.packer;
    const copied = copiedMember(this.source, member);
    // Arrays have the order of their members; members that are none lie between them.
    const tensor = this.model.tensors[this.tensors.length];
    if (tensor === undefined || !liesIn(this.model, tensor, member)) return [copied];
    const { packing, members } = await this.pack(tensor, copied);
    this.tensors.push(packing);
    const progress = { done: this.tensors.length, total: this.model.tensors.length };
    control.report({ phase: 'measure', ...progress, item: tensor.name });
    return members ?? [copied];
  }

  private async pack(
    tensor: TensorEntry,
    copied: NpzMember,
  ): Promise<{ readonly packing: TensorPacking; readonly members: readonly NpzMember[] | null }> {
    const { name, elementCount } = tensor;
    const bytesBefore = copied.compressed?.byteLength ?? storedByteLength(tensor);
    const left = (
      leftBecause: string,
      kept = elementCount,
    ): { packing: TensorPacking; members: null } => ({
      packing: { name, elementCount, kept, bytesBefore, bytesAfter: bytesBefore, leftBecause },
      members: null,
    });
    const descr = npyDescrOf(tensor);
    if (descr === null || !hasWholeElements(tensor)) {
      return left(`is of ${tensor.dtypeLabel ?? tensor.dtype}`);
    }
    const array = this.partsOwner(tensor);
    const taken = partNames(array).find((one) => this.names.has(one));
    if (taken !== undefined) return left(`the file has an array named ${taken}`);
    const kept = await countKept(this.model, tensor, this.packer.control);
    const members = csrMembers(this.model, tensor, { array, descr, kept });
    const bytesAfter = bytesBefore + sumOf(members) - memberBytes(copied);
    if (bytesAfter >= bytesBefore) {
      const deflated = copied.compressed === undefined ? '' : ', which are compressed';
      return left(`${tooFewZeros(bytesAfter, bytesBefore)}${deflated}`, kept);
    }
    if (!this.mayStandFor(tensor, members)) {
      return left('has so few elements left that readers would take it for a broken file', kept);
    }
    const packing = { name, elementCount, kept, bytesBefore, bytesAfter, leftBecause: null };
    return { packing, members };
  }

  /** Null where the array is all that the archive holds, and a matrix. */
  private partsOwner({ name, shape }: TensorEntry): string | null {
    return this.packer.members.length === 1 && shape.length === 2 ? null : name;
  }

  /** What the written file may claim is bounded: see the limits. */
  private mayStandFor(tensor: TensorEntry, members: readonly NpzMember[]): boolean {
    const denseBytes = storedByteLength(tensor);
    if (denseBytes <= MAX_SPARSE_RATIO * sumOf(members)) return true;
    if (denseBytes > this.freeBytes) return false;
    this.freeBytes -= denseBytes;
    return true;
  }
}

function liesIn(model: Model, { spans }: TensorEntry, member: ZipMember): boolean {
  const [span] = spans;
  if (span === undefined) return false;
  if (member.method !== STORED) return model.files[span.fileIndex]?.name === member.name;
  const from = span.byteOffset - member.dataOffset;
  return span.fileIndex === 0 && from > 0 && from <= member.byteLength;
}

function partNames(array: string | null): readonly string[] {
  const parts = array === null ? ([...CSR_PARTS, NAME_PART] as const) : CSR_PARTS;
  return parts.map((part) => csrPartName(array, part));
}

function sumOf(members: readonly NpzMember[]): number {
  return members.reduce((sum, member) => sum + memberBytes(member), 0);
}
