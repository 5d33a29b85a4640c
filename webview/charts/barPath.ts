/** Where and how tall the bars of a histogram stand, in pixels. */
export interface BarLayout {
  readonly left: number;
  /** The y of the foot of all bars. */
  readonly baseline: number;
  readonly width: number;
  readonly height: number;
  /** Pixels between two bars. */
  readonly gap: number;
  readonly peak: number;
  readonly logarithmic: boolean;
}

/** The share of the full height that a bar of `count` takes: linear, or log10(1 + n). */
export function barShare(count: number, peak: number, logarithmic: boolean): number {
  if (peak <= 0) return 0;
  return logarithmic ? Math.log10(1 + count) / Math.log10(1 + peak) : count / peak;
}

/** One path for all bars; a bin that holds anything is at least a pixel tall. */
export function barPath(counts: readonly number[], layout: BarLayout): string {
  const step = layout.width / counts.length;
  let path = '';
  counts.forEach((count, index) => {
    if (count <= 0) return;
    const share = barShare(count, layout.peak, layout.logarithmic);
    const height = pixel(Math.max(1, share * layout.height));
    const x = pixel(layout.left + index * step);
    path += `M${x} ${pixel(layout.baseline)}v${-height}h${pixel(step - layout.gap)}v${height}z`;
  });
  return path;
}

/** A coordinate to a tenth of a pixel: finer cannot be seen and makes the paths long. */
export function pixel(value: number): number {
  return Math.round(value * 10) / 10;
}
