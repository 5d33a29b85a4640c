import type {
  DepthToSpaceOperator,
  ResizeOperator,
  SpaceToDepthOperator,
} from '../../core/graph/operators/shape';
import { at, build, placesOf, range, type ReferenceArray } from './referenceArray';
import { imageParts, imagePlace } from './referenceImage';

interface Axis {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
}

/** Source: ONNX Resize, whose names the coordinates have. */
export function referenceResize(operator: ResizeOperator, x: ReferenceArray): ReferenceArray {
  const { dataFormat: format } = operator;
  const image = imageParts(format, x.shape);
  const axes = operator.size.map((output, i) => {
    const input = image.spatial[i] ?? 1;
    return { input, output, scale: operator.scales?.[i] ?? output / input };
  });
  return build(imagePlace(format, { ...image, spatial: operator.size }), x.type, (place) => {
    const made = imageParts(format, place);
    const taps = axes.map((axis, i) => tapsOf(operator, made.spatial[i] ?? 0, axis));
    let total = 0;
    for (const choice of placesOf(taps.map((list) => list.length))) {
      const chosen = choice.map((index, axis) => taps[axis]?.[index] ?? { from: 0, weight: 0 });
      const spatial = chosen.map(({ from }, axis) => clamp(from, axes[axis]?.input ?? 1));
      const weight = chosen.reduce((product, tap) => product * tap.weight, 1);
      total += weight * at(x, imagePlace(format, { ...made, spatial }));
    }
    return total;
  });
}

function clamp(index: number, size: number): number {
  return Math.max(0, Math.min(size - 1, index));
}

interface Tap {
  readonly from: number;
  readonly weight: number;
}

/** What of the input one place of an axis is made of. */
function tapsOf(operator: ResizeOperator, place: number, axis: Axis): readonly Tap[] {
  const x = originalCoordinate(operator.coordinates, place, axis);
  const base = Math.floor(x);
  switch (operator.mode) {
    case 'nearest':
      return [{ from: NEAREST[operator.rounding](tidied(x)), weight: 1 }];
    case 'linear':
      return [
        { from: base, weight: 1 - (x - base) },
        { from: base + 1, weight: x - base },
      ];
    case 'cubic':
      return range(4).map((i) => {
        const from = base - 1 + i;
        return { from, weight: cubic(Math.abs(x - from), operator.cubicCoefficient) };
      });
  }
}

/** Without the noise of the division, which would tip halves and whole numbers over. */
function tidied(x: number): number {
  const near = Math.round(x * 2) / 2;
  return Math.abs(x - near) < 1e-9 ? near : x;
}

const NEAREST: Record<ResizeOperator['rounding'], (x: number) => number> = {
  roundPreferFloor: (x) => (x - Math.floor(x) === 0.5 ? Math.floor(x) : Math.round(x)),
  roundPreferCeil: (x) => Math.round(x),
  floor: Math.floor,
  ceil: Math.ceil,
};

function originalCoordinate(
  coordinates: ResizeOperator['coordinates'],
  resized: number,
  { input, output, scale }: Axis,
): number {
  switch (coordinates) {
    case 'halfPixel':
      return (resized + 0.5) / scale - 0.5;
    case 'halfPixelSymmetric': {
      const adjustment = output / (scale * input);
      const center = input / 2;
      return center * (1 - adjustment) + (resized + 0.5) / scale - 0.5;
    }
    case 'pytorchHalfPixel':
      return output > 1 ? (resized + 0.5) / scale - 0.5 : 0;
    case 'alignCorners':
      return output === 1 ? 0 : (resized * (input - 1)) / (output - 1);
    case 'asymmetric':
      return resized / scale;
  }
}

/** Source: Keys, Cubic convolution interpolation for digital image processing, 1981. */
function cubic(distance: number, a: number): number {
  if (distance <= 1) return (a + 2) * distance ** 3 - (a + 3) * distance ** 2 + 1;
  if (distance >= 2) return 0;
  return a * distance ** 3 - 5 * a * distance ** 2 + 8 * a * distance - 4 * a;
}

/** Source: ONNX DepthToSpace; `depthFirst` is DCR, `columnFirst` CRD. */
export function referenceDepthToSpace(
  { blockSize: block, order, dataFormat: format }: DepthToSpaceOperator,
  x: ReferenceArray,
): ReferenceArray {
  const image = imageParts(format, x.shape);
  const depth = image.channel / block ** 2;
  const spatial = image.spatial.map((size) => size * block);
  return build(imagePlace(format, { ...image, channel: depth, spatial }), x.type, (place) => {
    const { batch, channel, spatial: made } = imageParts(format, place);
    const [row = 0, column = 0] = made.map((index) => index % block);
    const offset = row * block + column;
    const from = order === 'depthFirst' ? offset * depth + channel : channel * block ** 2 + offset;
    const read = made.map((index) => Math.floor(index / block));
    return at(x, imagePlace(format, { batch, channel: from, spatial: read }));
  });
}

/** Source: ONNX SpaceToDepth. */
export function referenceSpaceToDepth(
  { blockSize: block, dataFormat: format }: SpaceToDepthOperator,
  x: ReferenceArray,
): ReferenceArray {
  const image = imageParts(format, x.shape);
  const spatial = image.spatial.map((size) => size / block);
  const channels = image.channel * block ** 2;
  return build(imagePlace(format, { ...image, channel: channels, spatial }), x.type, (place) => {
    const { batch, channel, spatial: made } = imageParts(format, place);
    const offset = Math.floor(channel / image.channel);
    const within = [Math.floor(offset / block), offset % block];
    const read = made.map((index, axis) => index * block + (within[axis] ?? 0));
    return at(x, imagePlace(format, { batch, channel: channel % image.channel, spatial: read }));
  });
}
