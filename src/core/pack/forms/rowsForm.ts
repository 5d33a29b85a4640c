import { arrayMember, memberBytes } from '../../formats/numpy/npzMember';
import { npyDescrOf } from '../../formats/numpy/npyDescr';
import { CSR_PARTS, csrLayout, csrPartName } from '../../formats/numpy/pack/csrLayout';
import { type Model, modelByteLength, storedByteLength, type TensorEntry } from '../../model/model';
import { END_BYTES } from '../../formats/zip/zipRecords';
import { hasWholeElements } from '../countKept';
import type { PackedForm } from './packedForm';
import { perTensor } from './perTensor';

/** An npz in compressed sparse rows: exact for archives without compression. What is compressed is counted as if stored. */
export function rowsForm(model: Model): PackedForm {
  const raw = perTensor(
    ({ name, ...tensor }) => memberBytes({ name: `${name}.npy`, byteLength: 0 }) + npyBytes(tensor),
  );
  const inFile = model.tensors.reduce((sum, tensor) => sum + raw(tensor) + ZIP64_EXTRA_BYTES, 0);
  return {
    fixedBytes: Math.max(END_BYTES, modelByteLength(model) - inFile),
    tensorBytes(tensor, kept) {
      const descr = npyDescrOf(tensor);
      if (descr === null || !hasWholeElements(tensor)) return raw(tensor);
      const layout = csrLayout({ shape: tensor.shape, descr }, kept);
      const parts = CSR_PARTS.map((part) => {
        const name = csrPartName(tensor.name, part);
        return memberBytes(arrayMember({ name, ...layout[part], chunks: () => [] }));
      });
      return Math.min(
        raw(tensor),
        parts.reduce((sum, bytes) => sum + bytes, 0),
      );
    },
  };
}

const NPY_HEADER_BYTES = 128;
/** NumPy writes one for every member, whatever its size; packing does not. */
const ZIP64_EXTRA_BYTES = 20;

function npyBytes(tensor: Omit<TensorEntry, 'name'>): number {
  return NPY_HEADER_BYTES + storedByteLength({ ...tensor, name: '' });
}
