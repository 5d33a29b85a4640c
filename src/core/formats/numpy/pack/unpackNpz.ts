import type { Model, TensorEntry } from '../../../model/model';
import { streamInCOrder } from '../../../model/streamInCOrder';
import type { Unpacking } from '../../../pack/packing';
import { npyDescrOf } from '../npyDescr';
import { archiveBytes, arrayMember, type NpzMember } from '../npzMember';
import { arrayName, copiedMember, membersOf } from './copiedMembers';
import { inOwnByteOrder } from './csrChunks';
import { CsrMatrix } from './csrMatrix';
import { writeMembers } from './writeMembers';

/**
 * Plans an npz with its sparse arrays dense again, each in its place, stored and in C order; null where it has none.
 * Everything else is copied as it stands.
 * @throws FormatError, IoError.
 */
export async function unpackNpz(model: Model): Promise<Unpacking | null> {
  const [source] = model.files;
  if (source === undefined) throw new Error('an npz model has a file');
  const dense = model.tensors.filter((tensor) => matrixOf(model, tensor) !== null);
  if (dense.length === 0) return null;
  const owners = new Map(
    dense.flatMap((tensor) =>
      (matrixOf(model, tensor)?.arrays.partNames ?? []).map((part) => [part, tensor] as const),
    ),
  );
  const written = new Set<NpzMember | TensorEntry>();
  for (const member of await membersOf(source)) {
    written.add(owners.get(arrayName(member)) ?? copiedMember(source, member));
  }
  const members = [...written].map((one) => ('chunks' in one ? one : denseMember(model, one)));
  return {
    byteLength: archiveBytes(members),
    unpackedCount: dense.length,
    isOriginalFile: false,
    write: (sink, control) => writeMembers(members, sink, control),
  };
}

function matrixOf(model: Model, { spans }: TensorEntry): CsrMatrix | null {
  const file = model.files[spans[0]?.fileIndex ?? 0];
  return file instanceof CsrMatrix ? file : null;
}

function denseMember(model: Model, tensor: TensorEntry): NpzMember {
  const descr = npyDescrOf(tensor);
  if (descr === null) throw new Error(`the sparse array ${tensor.name} has no type of NumPy`);
  return arrayMember({
    name: tensor.name,
    shape: tensor.shape,
    descr,
    async *chunks() {
      for await (const bytes of streamInCOrder(model, tensor)) yield inOwnByteOrder(tensor, bytes);
    },
  });
}
