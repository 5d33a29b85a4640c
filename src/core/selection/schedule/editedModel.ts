import { memorySource } from '../../formats/memorySource';
import type { Values } from '../../model/decodeValues';
import { flatIndexMap } from '../../model/elementOrder';
import type { Model, TensorEntry } from '../../model/model';
import type { PlanEntry } from '../../report/plan';

/** The model with the tensors whose weights a plan changes as they then are, in memory: what is scored next. */
export function editedModel(model: Model, entries: readonly PlanEntry[]): Model {
  const updated = new Map(
    entries.flatMap(({ tensor, cut }) =>
      cut.values === undefined ? [] : [[tensor, cut.values] as const],
    ),
  );
  if (updated.size === 0) return model;
  const files = [...model.files];
  const tensors = model.tensors.map((tensor): TensorEntry => {
    const values = updated.get(tensor.name);
    if (values === undefined) return tensor;
    const stored = inStorageOrder(tensor, values);
    const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
    const fileIndex = files.push(memorySource(tensor.name, bytes)) - 1;
    return {
      name: tensor.name,
      shape: tensor.shape,
      role: tensor.role,
      elementCount: tensor.elementCount,
      dtype: values instanceof Float32Array ? 'float32' : 'float64',
      storedElementBytes: values.BYTES_PER_ELEMENT,
      spans: [{ fileIndex, byteOffset: 0, byteLength: bytes.length }],
      littleEndian: true,
      storageOrder: tensor.storageOrder,
    };
  });
  return { ...model, files, tensors };
}

/** Cuts hold values in C order. */
function inStorageOrder(tensor: TensorEntry, values: Values): Values {
  const flatIndexOf = flatIndexMap(tensor);
  return flatIndexOf === null ? values : values.map((_, i) => values[flatIndexOf(i)] ?? 0);
}
