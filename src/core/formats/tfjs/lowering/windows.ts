import type { DataFormat } from '../../../graph/graph';
import type { Padding, Sides } from '../../../graph/operators/linear';
import type { ResizeOperator } from '../../../graph/operators/shape';
import type { LoweringTable, LowerNode, NodeContext } from './nodeContext';

export function dataFormatOf(node: NodeContext): DataFormat {
  return node.attributes.text('data_format', 'NHWC').startsWith('NC')
    ? 'channelsFirst'
    : 'channelsLast';
}

/** The entries of a list of four that are about height and width; ones without a list. */
export function spatial(node: NodeContext, name: string): readonly number[] {
  const list = node.attributes.ints(name) ?? [1, 1, 1, 1];
  const chosen = dataFormatOf(node) === 'channelsLast' ? list.slice(1, 3) : list.slice(2, 4);
  if (list.length === 4 && chosen.every((size) => size >= 1)) return chosen;
  throw node.unsupported(`${name} [${list.join(', ')}]`, 'four whole numbers from 1');
}

export function paddingOf(node: NodeContext): Padding {
  const word = node.attributes.text('padding', 'VALID');
  if (word === 'SAME') return 'same';
  if (word === 'VALID') return 'valid';
  const list = node.attributes.ints('explicit_paddings');
  if (word !== 'EXPLICIT' || list?.length !== 8) {
    throw node.unsupported(`padding ${word}`, 'SAME, VALID or EXPLICIT with eight numbers');
  }
  const first = dataFormatOf(node) === 'channelsLast' ? 2 : 4;
  return [first, first + 2].map((at): Sides => [list[at] ?? 0, list[at + 1] ?? 0]);
}

function pool(mode: 'max' | 'average'): LowerNode {
  return (node) => {
    const size = spatial(node, 'ksize');
    return node.emit(
      {
        kind: 'pool',
        mode,
        size,
        strides: spatial(node, 'strides'),
        dilations: size.map(() => 1),
        padding: paddingOf(node),
        ceil: false,
        includePadding: false,
        dataFormat: dataFormatOf(node),
      },
      node.input(0),
    );
  };
}

/** Source: image_resizer_state.h of TensorFlow 2. */
function resize(mode: ResizeOperator['mode']): LowerNode {
  return (node) => {
    const { attributes } = node;
    const isAligned = attributes.bool('align_corners');
    const isHalf = attributes.bool('half_pixel_centers');
    const isFloored = !isAligned && !isHalf;
    return node.emit(
      {
        kind: 'resize',
        mode,
        size: node.numbers(1),
        scales: null,
        coordinates: isAligned ? 'alignCorners' : isHalf ? 'halfPixel' : 'asymmetric',
        // With half-pixel centres TensorFlow takes the element in which the centre lies.
        rounding: isFloored ? 'floor' : 'roundPreferCeil',
        cubicCoefficient: -0.5,
        dataFormat: 'channelsLast',
      },
      node.input(0),
    );
  };
}

const localResponse: LowerNode = (node) => {
  const { attributes } = node;
  const size = 2 * attributes.int('depth_radius', 5) + 1;
  return node.emit(
    {
      kind: 'localResponseNormalization',
      size,
      // The set's operator divides by the size, TensorFlow's does not.
      alpha: attributes.float('alpha', 1) * size,
      beta: attributes.float('beta', 0.5),
      bias: attributes.float('bias', 1),
      dataFormat: 'channelsLast',
    },
    node.input(0),
  );
};

const depthToSpace: LowerNode = (node) =>
  node.emit(
    {
      kind: 'depthToSpace',
      blockSize: node.attributes.int('block_size', 2),
      order: 'depthFirst',
      dataFormat: dataFormatOf(node),
    },
    node.input(0),
  );

const spaceToDepth: LowerNode = (node) =>
  node.emit(
    {
      kind: 'spaceToDepth',
      blockSize: node.attributes.int('block_size', 2),
      dataFormat: dataFormatOf(node),
    },
    node.input(0),
  );

/** Source: convolution.json, image.json and transformation.json of tfjs-converter 4.22. */
export const WINDOWS: LoweringTable = {
  MaxPool: pool('max'),
  AvgPool: pool('average'),
  ResizeBilinear: resize('linear'),
  ResizeNearestNeighbor: resize('nearest'),
  LRN: localResponse,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
