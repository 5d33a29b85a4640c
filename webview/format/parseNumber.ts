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
  // Moving the point keeps the digits as typed: 80.1 / 100 is 0.8009999999999999.
  const share = Number(`${value}e-2`);
  return Number.isNaN(share) ? value / 100 : share;
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
