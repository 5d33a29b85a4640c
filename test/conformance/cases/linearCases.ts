import type { ReferenceArray } from '../../../src/engines/reference/referenceArray';
import type { MakeCase } from '../conformanceCase';
import type { Draw } from '../draw';

export const denseCase: MakeCase<'dense'> = (draw) => {
  const [inputs, outputs] = [draw.integer(1, 9), draw.integer(1, 7)];
  const kernelLayout = draw.pick(['in-out', 'out-in'] as const);
  const kernel = kernelLayout === 'in-out' ? [inputs, outputs] : [outputs, inputs];
  return {
    operator: { kind: 'dense', kernelLayout },
    inputs: [
      drawImage(draw, [...draw.shape(0, 3), inputs]),
      draw.floats(kernel),
      draw.maybe(() => draw.floats([outputs])),
    ],
  };
};

/** Mostly floats, sometimes whole pixels. */
function drawImage(draw: Draw, shape: readonly number[]): ReferenceArray {
  return draw.chance(0.1) ? draw.integers(shape, 0, 9) : draw.floats(shape);
}

export const matMulCase: MakeCase<'matMul'> = (draw) => {
  const [transposeA, transposeB] = [draw.chance(0.5), draw.chance(0.5)];
  const [rows, inner, columns] = [draw.integer(1, 5), draw.integer(1, 6), draw.integer(1, 5)];
  const batch = draw.list(draw.integer(0, 2), 1, 3);
  const a = [...draw.broadcastable(batch), ...turned([rows, inner], transposeA)];
  const b = [...draw.broadcastable(batch), ...turned([inner, columns], transposeB)];
  const isWhole = draw.chance(0.1);
  const make = (shape: number[]) => (isWhole ? draw.integers(shape, -20, 20) : draw.floats(shape));
  return { operator: { kind: 'matMul', transposeA, transposeB }, inputs: [make(a), make(b)] };
};

function turned([first, second]: readonly [number, number], isTurned: boolean): number[] {
  return isTurned ? [second, first] : [first, second];
}

/** Padding of each kind for windows of the given sizes; less than the window. */
export function drawPadding(draw: Draw, window: readonly number[]) {
  const kind = draw.integer(0, 3);
  if (kind === 0) return 'same' as const;
  if (kind === 1) return 'sameLower' as const;
  if (kind === 2) return 'valid' as const;
  return window.map((size): [number, number] => [
    draw.integer(0, size - 1),
    draw.integer(0, size - 1),
  ]);
}

/** Spatial axes that a dilated window fits in, with what goes with them. */
export function drawWindow(draw: Draw, canDilate = true) {
  const rank = draw.pick([1, 2, 2]);
  const size = draw.list(rank, 1, 3);
  const dilations = canDilate && draw.chance(0.35) ? draw.list(rank, 1, 3) : size.map(() => 1);
  const strides = draw.chance(0.5) ? draw.list(rank, 1, 4) : size.map(() => 1);
  const spatial = size.map(
    (length, axis) => (length - 1) * (dilations[axis] ?? 1) + draw.integer(1, 5),
  );
  return {
    size,
    spatial,
    attributes: {
      strides,
      dilations,
      padding: drawPadding(draw, size),
      dataFormat: draw.pick(['channelsLast', 'channelsFirst'] as const),
    },
  };
}

type Window = ReturnType<typeof drawWindow>;

/** The shape of an image in the window's layout. */
export function imageShape(
  {
    spatial,
    attributes,
  }: Pick<Window, 'spatial'> & {
    readonly attributes: Pick<Window['attributes'], 'dataFormat'>;
  },
  batch: number,
  channels: number,
): number[] {
  return attributes.dataFormat === 'channelsLast'
    ? [batch, ...spatial, channels]
    : [batch, channels, ...spatial];
}

export const convolutionCase: MakeCase<'convolution'> = (draw) => {
  const window = drawWindow(draw);
  const groups = draw.pick([1, 1, 2, 3]);
  const own = draw.integer(1, 3);
  const outputs = groups * draw.integer(1, 3);
  const kernelLayout = draw.pick(['spatial-in-out', 'out-in-spatial'] as const);
  const kernel =
    kernelLayout === 'spatial-in-out'
      ? [...window.size, own, outputs]
      : [outputs, own, ...window.size];
  return {
    operator: { kind: 'convolution', kernelLayout, groups, ...window.attributes },
    inputs: [
      drawImage(draw, imageShape(window, draw.integer(1, 3), own * groups)),
      draw.floats(kernel),
      draw.maybe(() => draw.floats([outputs])),
    ],
  };
};

export const depthwiseCase: MakeCase<'depthwiseConvolution'> = (draw) => {
  const window = drawWindow(draw);
  const [channels, multiplier] = [draw.integer(1, 4), draw.integer(1, 3)];
  return {
    operator: { kind: 'depthwiseConvolution', ...window.attributes },
    inputs: [
      drawImage(draw, imageShape(window, draw.integer(1, 3), channels)),
      draw.floats([...window.size, channels, multiplier]),
      draw.maybe(() => draw.floats([channels * multiplier])),
    ],
  };
};

export const transposedCase: MakeCase<'transposedConvolution'> = (draw) => {
  const window = drawWindow(draw);
  const groups = draw.pick([1, 1, 2, 3]);
  const kernelLayout = draw.pick(['spatial-out-in', 'in-out-spatial'] as const);
  const own = draw.integer(1, 3);
  const inputs = groups * draw.integer(1, 3);
  const isLast = kernelLayout === 'spatial-out-in';
  return {
    operator: {
      kind: 'transposedConvolution',
      kernelLayout,
      groups,
      outputPadding: draw.maybe(() =>
        window.attributes.strides.map((stride) => draw.integer(0, stride - 1)),
      ),
      ...window.attributes,
    },
    inputs: [
      drawImage(draw, imageShape(window, draw.integer(1, 2), inputs)),
      draw.floats(isLast ? [...window.size, own, inputs] : [inputs, own, ...window.size]),
      draw.maybe(() => draw.floats([own * groups])),
    ],
  };
};
