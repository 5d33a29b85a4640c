import { storedByteLength } from '../../model/model';
import type { PackedForm } from './packedForm';

/** A bit an element (ceil(n / 8) bytes), and where it is set the value in the tensor's own type; nothing beside. */
export const plainForm: PackedForm = {
  fixedBytes: 0,
  tensorBytes(tensor, kept) {
    const packed = Math.ceil(tensor.elementCount / 8) + storedByteLength(tensor, kept);
    return Math.min(packed, storedByteLength(tensor));
  },
};
