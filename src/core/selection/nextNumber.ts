import { float32Bits, float32FromBits } from '../kernels/float32Bits';

/** The smallest number above a non-negative one, in float64 or in float32; infinity above the largest. */
export function nextAbove(value: number, inFloat64: boolean): number {
  if (!Number.isFinite(value)) return Infinity;
  if (!inFloat64) return float32FromBits(float32Bits(Math.abs(value)) + 1);
  return stepped(value, 1n);
}

/** The largest float64 below a positive number. */
export function nextBelow(value: number): number {
  return stepped(value, -1n);
}

function stepped(value: number, step: bigint): number {
  const bits = new BigUint64Array(1);
  const view = new Float64Array(bits.buffer);
  // Zero itself, whichever its sign: the pattern of -0 would step away from it.
  view[0] = value === 0 ? 0 : value;
  bits[0] = (bits[0] ?? 0n) + step;
  return view[0];
}
