import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { NodeContext } from './nodeContext';

/**
 * Writes one ONNX node in operators of the graph.
 * @returns its outputs in ONNX's order; null for one that is not given
 * @throws UnsupportedError, FormatError: the node then becomes an opaque one with that reason.
 */
export type LowerNode = (node: NodeContext) => LoweredValue | readonly (LoweredValue | null)[];

/** By operator type; those outside the standard domain as `domain:type`. */
export type LoweringTable = Readonly<Record<string, LowerNode>>;
