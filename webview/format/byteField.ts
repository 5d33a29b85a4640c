import { numberFieldText } from './numbers';
import { parseNumber } from './parseNumber';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
const BYTES_PER_KIB = 1024;

/** Bytes as typed into a field: `393.2 KB`, in units of 1,024 as VS Code shows them. */
export function byteFieldText(bytes: number): string {
  const unit = Math.min(
    UNITS.length - 1,
    Math.max(0, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(BYTES_PER_KIB))),
  );
  return `${numberFieldText(bytes / BYTES_PER_KIB ** unit, 4)}\u00a0${UNITS[unit] ?? ''}`;
}

/** A size as typed, `400 KB`, `1.5MiB`, or bytes alone; null where it is none or below a byte. */
export function parseByteSize(text: string): number | null {
  const match = /^(.*?)\s*(?:([kmgt])i?)?b?\s*$/i.exec(text.replace(/\u00a0/g, ' '));
  const value = match === null ? null : parseNumber(match[1] ?? '');
  if (value === null) return null;
  const letter = (match?.[2] ?? '').toUpperCase();
  const unit = letter === '' ? 0 : UNITS.findIndex((name) => name === `${letter}B`);
  const bytes = Math.round(value * BYTES_PER_KIB ** unit);
  return Number.isSafeInteger(bytes) && bytes >= 1 ? bytes : null;
}
