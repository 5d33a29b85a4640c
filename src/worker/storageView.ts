import { storedByteLength, storedDTypeOf, type Model, type TensorEntry } from '../core/model/model';
import type { CodesView, StorageView } from '../protocol/views';

/** Where and how the bytes of a tensor lie. */
export function storageView(model: Model, tensor: TensorEntry): StorageView {
  const [first] = tensor.spans;
  return {
    byteLength: storedByteLength(tensor),
    elementType: tensor.dtypeLabel ?? storedDTypeOf(tensor),
    file: first === undefined ? null : (model.files[first.fileIndex]?.name ?? null),
    byteOffset: first?.byteOffset ?? null,
    pieceCount: tensor.spans.length,
    littleEndian: tensor.littleEndian,
    axisOrder: tensor.storageOrder,
    codes: codesView(tensor),
  };
}

function codesView({ quantization, affine }: TensorEntry): CodesView | null {
  if (affine !== undefined) {
    const { scales, zeroPoints, axis } = affine;
    const [scale = 1] = scales;
    const [zeroPoint = 0] = zeroPoints;
    return { scaleCount: scales.length, scale, zeroPoint, axis };
  }
  if (quantization === undefined || quantization.storedDType === 'float16') return null;
  const { scale, min } = quantization;
  return { scaleCount: 1, scale, zeroPoint: scale === 0 ? 0 : -min / scale, axis: null };
}
