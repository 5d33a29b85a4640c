import type { LoweredTensor, LoweredValue } from '../../../graph/lowering/loweredValue';
import type { DType } from '../../../model/dtype';
import type { TensorEntry } from '../../../model/model';
import { elementTypeOf } from '../elementTypes';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';

/** The smallest and the largest code. */
type CodeRange = readonly [least: number, most: number];

const RANGES: Partial<Readonly<Record<DType, CodeRange>>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
  uint4: [0, 15],
  int4: [-8, 7],
  uint2: [0, 3],
  int2: [-2, 1],
};

/** What codes are as numbers: they are computed with as float32, which holds them exactly. */
export function asNumbers(node: NodeContext, codes: LoweredValue): LoweredValue {
  if (codes.kind !== 'tensor') return node.cast(codes, 'float32');
  const isFloat = codes.type === 'float32' && !/^u?int/.test(storedType(codes));
  return isFloat ? codes : { ...codes, type: 'float32', asCodes: true, host: null };
}

function storedType({ tensor }: LoweredTensor): string {
  return (tensor as TensorEntry).dtype;
}

/** The range of codes of the type that a zero point has; without one the usual, uint8. */
export function codeRange(node: NodeContext, zeroPoint: LoweredValue | null): CodeRange {
  const wanted = node.attribute('output_dtype')?.int ?? 0;
  const dtype =
    zeroPoint?.kind === 'tensor'
      ? storedType(zeroPoint)
      : wanted === 0
        ? 'uint8'
        : (elementTypeOf(wanted)?.dtype ?? 'uint8');
  const range = RANGES[dtype as DType];
  if (range !== undefined) return range;
  throw node.unsupported(`codes of type ${dtype}`, Object.keys(RANGES).join(', '));
}

/** Scales and zero points brought to where they belong along the axis of a value. */
export interface QuantizerPlace {
  readonly axis: number;
  /** Elements along the axis that share a scale; 0: one scale for each index, or one for all. */
  readonly blockSize: number;
}

export function placed(
  node: NodeContext,
  parameter: LoweredValue,
  x: LoweredValue,
  { axis, blockSize }: QuantizerPlace,
): LoweredValue {
  const own = node.shape(parameter);
  const count = own.reduce((all, size) => all * size, 1);
  if (count === 1) return own.length === 0 ? parameter : node.reshape(parameter, []);
  const shape = node.shape(x);
  const at = node.axis(axis, shape.length);
  if (blockSize === 0) {
    return node.reshape(
      parameter,
      shape.map((_, i) => (i === at ? count : 1)),
    );
  }
  const length = shape[at] ?? -1;
  if (length < 0) throw node.unsupported('blocks along an open axis', 'sizes that are given');
  const blocks = node.range(length).map((i) => Math.floor(i / blockSize));
  return node.emit({ kind: 'gather', axis: at }, parameter, node.vector(blocks));
}

function placeOf(node: NodeContext): QuantizerPlace {
  return { axis: node.int('axis', 1), blockSize: node.int('block_size', 0) };
}

/** The quantiser of a value: the scale, and the zero point where there is one. */
export interface Quantizer {
  readonly scale: LoweredValue;
  readonly zeroPoint: LoweredValue | null;
}

/** (codes - zero point) * scale. */
export function dequantize(
  node: NodeContext,
  x: LoweredValue,
  { scale, zeroPoint }: Quantizer,
  place: QuantizerPlace = placeOf(node),
): LoweredValue {
  const folded = foldedWeight(node, x, { scale, zeroPoint }, place);
  if (folded !== null) return folded;
  const codes = asNumbers(node, x);
  const centred =
    zeroPoint === null
      ? codes
      : node.merge('subtract', codes, placed(node, asNumbers(node, zeroPoint), x, place));
  return node.merge('multiply', centred, placed(node, scale, x, place));
}

/** A weight whose codes are known to become numbers in just this way is a parameter of real numbers. */
function foldedWeight(
  node: NodeContext,
  x: LoweredValue,
  { scale, zeroPoint }: Quantizer,
  { axis, blockSize }: QuantizerPlace,
): LoweredValue | null {
  if (x.kind !== 'tensor' || blockSize !== 0) return null;
  const { affine } = x.tensor as TensorEntry;
  const codes = node.around.codes.get(x.tensor.name);
  if (affine === undefined || codes === undefined || scale.kind !== 'tensor') return null;
  const zero = zeroPoint?.kind === 'tensor' ? zeroPoint.tensor : null;
  const isSame = codes.scale?.name === scale.tensor.name && codes.zeroPoint?.name === zero?.name;
  const rank = x.tensor.shape.length;
  const sameAxis = affine.axis === null || affine.axis === (axis < 0 ? axis + rank : axis);
  if (!isSame || !sameAxis || (zeroPoint !== null && zero === null)) return null;
  return { ...x, type: 'float32', asCodes: false, host: null };
}

/** Rounded half to even and kept in the range of the codes, as numbers in float32. */
export function quantize(
  node: NodeContext,
  x: LoweredValue,
  { scale, zeroPoint }: Quantizer,
  place: QuantizerPlace = placeOf(node),
): LoweredValue {
  const [min, max] = codeRange(node, zeroPoint);
  const scaled = node.merge('divide', node.cast(x, 'float32'), placed(node, scale, x, place));
  const rounded = node.unary('round', scaled);
  const shifted =
    zeroPoint === null
      ? rounded
      : node.merge('add', rounded, placed(node, asNumbers(node, zeroPoint), x, place));
  return node.activation({ name: 'clip', min, max }, shifted);
}

const quantizeLinear: LowerNode = (node) =>
  quantize(node, node.input(0), { scale: node.input(1), zeroPoint: node.optional(2) });

const dequantizeLinear: LowerNode = (node) =>
  dequantize(node, node.input(0), { scale: node.input(1), zeroPoint: node.optional(2) });

/** The scale and zero point that take in zero and all values. Source: ONNX DynamicQuantizeLinear. */
const dynamicQuantizeLinear: LowerNode = (node) => {
  const x = node.input(0);
  const zero = node.scalar(0);
  const most = node.merge('maximum', node.reduce('max', x, null, false), zero);
  const least = node.merge('minimum', node.reduce('min', x, null, false), zero);
  const range = node.merge('subtract', most, least);
  // An input of zeros has no range, and any scale will do.
  const scale = node.merge('divide', range, node.scalar(255));
  const isFlat = node.emit({ kind: 'compare', mode: 'equal' }, range, zero);
  const used = node.emit({ kind: 'select' }, isFlat, node.scalar(1), scale);
  const offset = node.unary('negate', node.merge('divide', least, used));
  const codes = { name: 'clip', min: 0, max: 255 } as const;
  const zeroPoint = node.unary('round', node.activation(codes, offset));
  const scaled = node.unary('round', node.merge('divide', x, used));
  const y = node.activation(codes, node.merge('add', scaled, zeroPoint));
  return [y, used, zeroPoint];
};

/** Integer codes as numbers and back. Source: Operators.md of ONNX 1.23. */
export const QUANTIZATION: LoweringTable = {
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: dynamicQuantizeLinear,
  'com.microsoft:QuantizeLinear': quantizeLinear,
  'com.microsoft:DequantizeLinear': dequantizeLinear,
};
