import { unreadOutput } from './executor';
import type { ValueAxis } from './followAxis';
import type { ValueUse } from './graphUses';
import type { ValueShapes } from './inferShapes';

/** Where the units of a layer stand in what it gives. */
export interface UnitPlace extends ValueAxis {
  readonly unitCount: number;
}

/** Where the units of a weight stand in what the node makes that uses it; null where they stand nowhere. */
export function unitPlaceOf(use: ValueUse, shapes: ValueShapes): UnitPlace | null {
  const { node } = use;
  const value = node.outputs[0] ?? unreadOutput(node.id, 0);
  const shape = shapes.get(value)?.shape;
  const axis = unitAxisOf(use, shape?.length ?? 0);
  if (axis === null) return null;
  const { operator } = node;
  const unitCount = operator.kind === 'recurrent' ? operator.units : shape?.[axis];
  return unitCount === undefined ? null : { value, axis, unitCount };
}

function unitAxisOf({ node: { operator }, input }: ValueUse, rank: number): number | null {
  switch (operator.kind) {
    case 'dense':
      return input === 1 ? rank - 1 : null;
    case 'matMul':
      return input === 1 ? rank - 1 : rank - 2;
    case 'convolution':
    case 'depthwiseConvolution':
    case 'transposedConvolution':
      if (input !== 1) return null;
      return operator.dataFormat === 'channelsLast' ? rank - 1 : 1;
    case 'recurrent':
      if (input !== 1 && input !== 2) return null;
      return operator.form === 'keras' ? 2 : 3;
    case 'gather':
      return input === 0 && operator.axis === 0 ? rank - 1 : null;
    default:
      return null;
  }
}
