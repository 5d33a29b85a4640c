import type { Model, TensorEntry } from '../../../model/model';
import type { NpyDescr } from '../npyHeader';
import { arrayMember, type NpzMember } from '../npzMember';
import { columnChunks, keptChunks, rowStartChunks } from './csrChunks';
import {
  CSR_FORMAT,
  CSR_PARTS,
  csrLayout,
  type CsrPart,
  csrPartName,
  NAME_PART,
  UNNAMED,
} from './csrLayout';

/** How an array is written in sparse form. */
export interface CsrForm {
  /** Before the names of its parts; null for the one matrix of an archive. */
  readonly array: string | null;
  readonly descr: NpyDescr;
  readonly kept: number;
}

/** The members that stand for an array without its zeros, each made in one pass over it. */
export function csrMembers(model: Model, tensor: TensorEntry, form: CsrForm): readonly NpzMember[] {
  const layout = csrLayout({ shape: tensor.shape, descr: form.descr }, form.kept);
  const members = CSR_PARTS.map((part) => {
    const { shape, descr } = layout[part];
    const chunks = chunksOf(model, tensor, { part, descr });
    return arrayMember({ name: csrPartName(form.array, part), shape, descr, chunks });
  });
  return form.array === null && tensor.name !== UNNAMED
    ? [...members, nameMember(tensor.name)]
    : members;
}

function chunksOf(
  model: Model,
  tensor: TensorEntry,
  { part, descr }: { readonly part: CsrPart; readonly descr: NpyDescr },
): NpzMember['chunks'] {
  switch (part) {
    case 'indices':
      return (control) => columnChunks(model, tensor, { descr, control });
    case 'indptr':
      return (control) => rowStartChunks(model, tensor, { descr, control });
    case 'format':
      return () => [new TextEncoder().encode(CSR_FORMAT)];
    case 'shape':
      return () => [new Uint8Array(BigInt64Array.from(tensor.shape, BigInt).buffer)];
    case 'data':
      return (control) => keptChunks(model, tensor, control);
  }
}

function nameMember(name: string): NpzMember {
  // A text of NumPy has at least one byte; zeros at its end are none of it.
  const text = new TextEncoder().encode(name === '' ? '\0' : name);
  const descr: NpyDescr = `|S${text.length}`;
  return arrayMember({ name: NAME_PART, shape: [], descr, chunks: () => [text] });
}
