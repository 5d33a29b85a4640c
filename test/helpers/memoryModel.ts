import { memorySource } from '../../src/core/formats/memorySource';
import { bytesPerElement, type DType } from '../../src/core/model/dtype';
import type {
  AffineCodes,
  Layer,
  Model,
  Quantization,
  TensorEntry,
} from '../../src/core/model/model';

export interface MemoryTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: Exclude<DType, 'string'>;
  readonly bytes: Uint8Array;
  readonly storageOrder?: readonly number[];
  readonly affine?: AffineCodes;
  /** With the dtype of the stored codes as `dtype`; the tensor's own is then float32. */
  readonly quantization?: Quantization;
}

/** A model whose one file is the tensors' bytes one after the other; every tensor is a layer. */
export function memoryModel(given: readonly MemoryTensor[]): Model {
  const file = new Uint8Array(given.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let byteOffset = 0;
  const tensors = given.map((tensor): TensorEntry => {
    file.set(tensor.bytes, byteOffset);
    const span = { fileIndex: 0, byteOffset, byteLength: tensor.bytes.length };
    byteOffset += tensor.bytes.length;
    const storedElementBytes = bytesPerElement(tensor.dtype);
    return {
      name: tensor.name,
      shape: tensor.shape,
      dtype: tensor.quantization === undefined ? tensor.dtype : 'float32',
      elementCount: tensor.bytes.length / storedElementBytes,
      storedElementBytes,
      spans: [span],
      littleEndian: true,
      storageOrder: tensor.storageOrder ?? null,
      ...(tensor.affine === undefined ? {} : { affine: tensor.affine }),
      ...(tensor.quantization === undefined ? {} : { quantization: tensor.quantization }),
      role: 'parameter',
    };
  });
  return {
    format: 'memory',
    formatLabel: 'memory',
    metadata: {},
    // As if on disk: not marked as inflated, so that it counts as a file.
    files: [{ ...memorySource('memory', file), derived: undefined } as never],
    tensors,
    layers: tensors.map(layerOf),
    graphMissing: 'a test',
    checksums: [],
    notices: [],
  };
}

function layerOf(tensor: TensorEntry): Layer {
  return {
    name: tensor.name,
    operator: 'dense',
    operatorLabel: 'Dense',
    parameters: [tensor.name],
    weight: tensor.name,
    unitAxis: tensor.shape.length - 1,
    unitCount: tensor.shape.at(-1) ?? 1,
    prunable: true,
    lockedBy: null,
  };
}

/** The bytes of a typed array. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}
