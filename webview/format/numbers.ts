/** U+2212, as wide as a digit; the hyphen that Intl writes is not. */
const MINUS = '\u2212';
/** Keeps a number and its unit on one line. */
const NO_BREAK = '\u00a0';
const BYTES_PER_KIB = 1024;

let locale = 'en';
let formats = new Map<string, Intl.NumberFormat>();

/** Sets the language of all numbers, by its BCP 47 tag; an unknown tag leaves English. */
export function setNumberLocale(tag: string): void {
  locale = Intl.NumberFormat.supportedLocalesOf([tag])[0] ?? 'en';
  formats = new Map();
}

/** The decimal separator of the language in use. */
export function decimalSeparator(): string {
  const part = new Intl.NumberFormat(locale).formatToParts(0.5).find(isDecimal);
  return part?.value ?? '.';
}

function isDecimal(part: Intl.NumberFormatPart): boolean {
  return part.type === 'decimal';
}

function format(value: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify(options);
  let formatter = formats.get(key);
  if (formatter === undefined) {
    formatter = new Intl.NumberFormat(locale, options);
    formats.set(key, formatter);
  }
  return formatter.format(value).replace('-', MINUS);
}

/** A whole number with separators: `86,528`. */
export function countText(value: number): string {
  return format(Math.round(value), { maximumFractionDigits: 0 });
}

/** A whole number for people: `8,970`, `176 k`, `12.3 M`. The exact one belongs in the title. */
export function compactCountText(value: number): string {
  if (value >= 1e9) return withUnit(format(value / 1e9, oneDigit), 'G');
  if (value >= 1e6) return withUnit(format(value / 1e6, oneDigit), 'M');
  if (value >= 1e4) return withUnit(countText(value / 1e3), 'k');
  return countText(value);
}

const oneDigit: Intl.NumberFormatOptions = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

/** Bytes for people: `912 B`, `4.2 KB`, `700 KB`, `4.2 MB`; units of 1,024 as VS Code shows them. */
export function byteSizeText(bytes: number): string {
  if (bytes < BYTES_PER_KIB) return withUnit(countText(bytes), 'B');
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes / BYTES_PER_KIB;
  let unit = 0;
  while (value >= BYTES_PER_KIB && unit < units.length - 1) {
    value /= BYTES_PER_KIB;
    unit++;
  }
  const text = unit === 0 && value >= 10 ? countText(value) : format(value, oneDigit);
  return withUnit(text, units[unit] ?? '');
}

/** A share as `49.2 %`. */
export function percentText(share: number, digits = 1): string {
  return withUnit(decimalText(share * 100, digits), '%');
}

/** A share as typed into a field: `50 %`, `33.33 %`, no more digits than it needs. */
export function percentFieldText(share: number): string {
  return withUnit(format(share * 100, { maximumFractionDigits: 2, useGrouping: false }), '%');
}

/** A number with a fixed count of decimals: `0.0430`. */
export function decimalText(value: number, digits: number): string {
  return format(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** As {@link decimalText} with its sign: `+0.0436`, `−0.4`; `0` where it rounds to nothing. */
export function signedText(value: number, digits: number): string {
  if (Math.abs(value) < 0.5 * 10 ** -digits) return '0';
  return `${value > 0 ? '+' : ''}${decimalText(value, digits)}`;
}

/** A measured value of any size with `digits` significant digits: `0.0382`, `1,124`, `6.0e−4`. */
export function significantText(value: number, digits = 3): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (!Number.isFinite(value)) return String(value);
  if (size >= 1e7 || size < 0.001) {
    // The exponent takes the place of a digit or two.
    return value.toExponential(Math.max(1, digits - 2)).replaceAll('-', MINUS);
  }
  if (size >= 1000) return countText(value);
  return format(value, { minimumSignificantDigits: digits, maximumSignificantDigits: digits });
}

/** A number as typed into a field: plain digits, as many as it needs up to `digits`. */
export function numberFieldText(value: number, digits = 4): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toPrecision(digits);
  return format(value, { maximumSignificantDigits: digits, useGrouping: false });
}

/** `64×64×3×3`; the empty shape has no text of its own. */
export function shapeText(shape: readonly number[]): string {
  return shape.join('\u00d7');
}

function withUnit(text: string, unit: string): string {
  return `${text}${NO_BREAK}${unit}`;
}
