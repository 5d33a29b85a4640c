import type { Padding, Sides } from '../../../graph/operators/linear';
import type { NodeContext } from './nodeContext';

/** What convolutions and pools have in common, with an entry for each spatial axis. */
export interface Windows {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: Padding;
  readonly dataFormat: 'channelsFirst';
}

/**
 * The window attributes of a node.
 * @param rank of the spatial axes
 * @throws UnsupportedError for three axes or more, and for lists of another length.
 */
export function windowsOf(node: NodeContext, rank: number): Windows {
  if (rank < 1 || rank > 2) {
    throw node.unsupported(`${rank} spatial axes`, 'one or two spatial axes');
  }
  return {
    strides: perAxis(node, 'strides', rank),
    dilations: perAxis(node, 'dilations', rank),
    padding: paddingOf(node, rank),
    dataFormat: 'channelsFirst',
  };
}

/** A list with a positive number for each spatial axis; ones where it is absent. */
export function perAxis(node: NodeContext, name: string, rank: number): readonly number[] {
  const list = node.ints(name) ?? [];
  if (list.length === 0) return new Array<number>(rank).fill(1);
  if (list.length === rank && list.every((size) => size > 0)) return list;
  throw node.unsupported(`${name} [${list.join(', ')}]`, `${rank} positive numbers`);
}

function paddingOf(node: NodeContext, rank: number): Padding {
  const mode = node.text('auto_pad', 'NOTSET');
  if (mode === 'SAME_UPPER') return 'same';
  if (mode === 'SAME_LOWER') return 'sameLower';
  if (mode === 'VALID') return 'valid';
  const sides = givenSides(node, rank);
  return sides.every(([before, after]) => before === 0 && after === 0) ? 'valid' : sides;
}

/** The `pads` attribute: all starts, then all ends. */
export function givenSides(node: NodeContext, rank: number): readonly Sides[] {
  const pads = node.ints('pads') ?? [];
  if (pads.length !== 0 && (pads.length !== 2 * rank || pads.some((size) => size < 0))) {
    throw node.unsupported(`pads [${pads.join(', ')}]`, `${2 * rank} numbers, none negative`);
  }
  return Array.from({ length: rank }, (_, i): Sides => [pads[i] ?? 0, pads[i + rank] ?? 0]);
}
