import { pixel } from './barPath';

/** Where the pruned band of a histogram from -limit to +limit begins and ends, in pixels. */
export function thresholdBand(
  threshold: number,
  limit: number,
  width: number,
): { readonly from: number; readonly to: number } {
  const half = limit > 0 ? (Math.min(1, threshold / limit) * width) / 2 : 0;
  return { from: pixel(width / 2 - half), to: pixel(width / 2 + half) };
}
