import type { LoweringTable, LowerNode } from './lowerNode';

const depthToSpace: LowerNode = (node) => {
  const order = node.text('mode', 'DCR') === 'CRD' ? 'columnFirst' : 'depthFirst';
  const blockSize = node.count('blocksize', 1);
  return node.emit(
    { kind: 'depthToSpace', blockSize, order, dataFormat: 'channelsFirst' },
    node.input(0),
  );
};

const spaceToDepth: LowerNode = (node) =>
  node.emit(
    { kind: 'spaceToDepth', blockSize: node.count('blocksize', 1), dataFormat: 'channelsFirst' },
    node.input(0),
  );

/** Channels into space and back. Source: Operators.md of ONNX 1.23. */
export const LAYOUT: LoweringTable = {
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
