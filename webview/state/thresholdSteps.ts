import {
  largestMagnitude,
  magnitudeOfRank,
  rankOf,
  type MagnitudeTable,
} from '../prediction/magnitudeTable';

/** Share of a layer's weights that Page Up and Page Down step over. */
const PAGE_SHARE = 0.05;
/** Pixels that the arrows step over with Shift. */
const LARGE_STEP = 10;

/**
 * Where a key moves a threshold to, as on any slider: arrows by pixels of the chart, the page keys
 * by 5 % of the weights, Home to none and End to all. null for other keys.
 */
export function steppedThreshold(
  key: { readonly key: string; readonly shiftKey: boolean },
  threshold: number,
  table: MagnitudeTable,
  weightPerPixel: number,
): number | null {
  const pixels = (key.shiftKey ? LARGE_STEP : 1) * weightPerPixel;
  switch (key.key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return within(threshold + pixels, table);
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(threshold - pixels, table);
    case 'PageUp':
      return byShare(threshold, PAGE_SHARE, table);
    case 'PageDown':
      return byShare(threshold, -PAGE_SHARE, table);
    case 'Home':
      return 0;
    case 'End':
      return largestMagnitude(table);
    default:
      return null;
  }
}

/** The threshold at a pixel of the chart: its right edge means the largest weight, seen or not. */
export function draggedThreshold(weight: number, limit: number, table: MagnitudeTable): number {
  const magnitude = Math.abs(weight);
  return magnitude >= limit ? largestMagnitude(table) : within(magnitude, table);
}

function byShare(threshold: number, share: number, table: MagnitudeTable): number {
  const rank = rankOf(table, threshold) + share * table.finiteCount;
  return magnitudeOfRank(table, rank) ?? 0;
}

function within(threshold: number, table: MagnitudeTable): number {
  return Math.min(largestMagnitude(table), Math.max(0, threshold));
}
