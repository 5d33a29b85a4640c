import { decimalSeparator } from './numbers';

/**
 * The number in a field as a person types it: with a point or the language's own separator, a true
 * minus sign, spaces and a percent sign. null where it is none.
 */
export function parseNumber(text: string): number | null {
  const plain = text.replace(/[\s\u00a0\u202f%]/g, '').replace('\u2212', '-');
  if (plain === '') return null;
  const value = Number(withPoint(plain));
  return Number.isFinite(value) ? value : null;
}

/** A field that reads 0 to 100 %, as a share; null where it is out of range or no number. */
export function parseShare(text: string): number | null {
  const value = parseNumber(text);
  if (value === null || value < 0 || value > 100) return null;
  // 80.1 / 100 is exact to the last digit typed; 80.1 * 0.01 is not.
  return value / 100;
}

function withPoint(text: string): string {
  if (!text.includes(',')) return text;
  if (text.includes('.')) {
    const decimal = text.lastIndexOf(',') > text.lastIndexOf('.') ? ',' : '.';
    const grouping = decimal === ',' ? '.' : ',';
    return text.replaceAll(grouping, '').replace(decimal, '.');
  }
  const grouped = decimalSeparator() !== ',' && /^-?\d{1,3}(,\d{3})+$/.test(text);
  return grouped ? text.replaceAll(',', '') : text.replace(',', '.');
}
