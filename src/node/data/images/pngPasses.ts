/** The pixels of one pass: every `columnStep`-th of a row from `firstColumn` on, and rows likewise. */
export interface PngPass {
  readonly firstColumn: number;
  readonly firstRow: number;
  readonly columnStep: number;
  readonly rowStep: number;
}

/** A picture that is not interlaced. */
export const WHOLE_IMAGE: PngPass = { firstColumn: 0, firstRow: 0, columnStep: 1, rowStep: 1 };

/** Source: PNG specification, section 8.2, interlace method 1. */
export const ADAM7_PASSES: readonly PngPass[] = [
  { firstColumn: 0, firstRow: 0, columnStep: 8, rowStep: 8 },
  { firstColumn: 4, firstRow: 0, columnStep: 8, rowStep: 8 },
  { firstColumn: 0, firstRow: 4, columnStep: 4, rowStep: 8 },
  { firstColumn: 2, firstRow: 0, columnStep: 4, rowStep: 4 },
  { firstColumn: 0, firstRow: 2, columnStep: 2, rowStep: 4 },
  { firstColumn: 1, firstRow: 0, columnStep: 2, rowStep: 2 },
  { firstColumn: 0, firstRow: 1, columnStep: 1, rowStep: 2 },
];

/** Columns and rows of a pass; none where the picture is too small for it. */
export function passSize(
  pass: PngPass,
  { width, height }: { readonly width: number; readonly height: number },
): { readonly width: number; readonly height: number } {
  const count = (size: number, first: number, step: number) =>
    Math.max(0, Math.ceil((size - first) / step));
  return {
    width: count(width, pass.firstColumn, pass.columnStep),
    height: count(height, pass.firstRow, pass.rowStep),
  };
}
