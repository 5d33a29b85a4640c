import type { Model, TensorEntry } from '../../model/model';
import { bitmaskForm } from './bitmaskForm';
import { plainForm } from './plainForm';
import { rowsForm } from './rowsForm';
import { sparseInitializerForm } from './sparseInitializerForm';

/** How large a model's files are when its tensors are packed, told from counts alone. */
export interface PackedForm {
  /** Bytes beside those of tensors. */
  readonly fixedBytes: number;
  /** Bytes of a tensor with its names and headers, packed or not, whichever is less. Never rises as fewer are kept. */
  tensorBytes(tensor: TensorEntry, kept: number): number;
}

/** Models are immutable, and each is asked many times while a target is searched for. */
const forms = new WeakMap<Model, PackedForm>();

/** The form in which `pack` writes files of a model's format; bits and values alone where there is none. */
export function packedFormOf(model: Model): PackedForm {
  const form = forms.get(model) ?? makeForm(model);
  forms.set(model, form);
  return form;
}

function makeForm(model: Model): PackedForm {
  switch (model.format) {
    case 'safetensors':
    case 'safetensors-index':
      return bitmaskForm(model);
    case 'onnx':
      return sparseInitializerForm(model);
    case 'npz':
      return rowsForm(model);
    default:
      return plainForm;
  }
}
