/** 1234567 → 1,234,567. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** Bytes with three significant digits, in steps of 1,024 as editors show them. */
export function formatBytes(byteLength: number | null): string {
  if (byteLength === null) return 'not measured';
  let value = byteLength;
  let unit = 0;
  while (value >= 1024 && unit + 1 < UNITS.length) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`;
}

/** A share as per cent with one digit. */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Four significant digits; a dash for what there is not. */
export function formatFigure(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : String(Number(value.toPrecision(4)));
}
