import type { TensorEntry } from '../../model/model';
import type { NpyDescr } from './npyHeader';
import { KINDS } from './parseDescr';

const DESCRS = new Map(Object.entries(KINDS).map(([kind, dtype]) => [dtype, kind]));

/** A tensor's type as NumPy says it, in the tensor's own byte order; null where NumPy has none for it. */
export function npyDescrOf(
  tensor: Pick<TensorEntry, 'dtype' | 'dtypeLabel' | 'littleEndian' | 'quantization'>,
): NpyDescr | null {
  const kind = DESCRS.get(tensor.dtype);
  const hasNumbers = tensor.dtypeLabel === undefined && tensor.quantization === undefined;
  if (kind === undefined || !hasNumbers) return null;
  const order = kind.endsWith('1') ? '|' : tensor.littleEndian ? '<' : '>';
  return `${order}${kind}` as NpyDescr;
}
