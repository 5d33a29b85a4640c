import { FormatError, type Place } from '../errors';
import { MAX_JSON_DEPTH } from '../limits';

/**
 * Parses UTF-8 JSON of a file: UTF-8 and depth are checked first, because JSON.parse accepts
 * replacement characters and recurses.
 * @throws FormatError on bytes that are not UTF-8, on broken JSON, and beyond MAX_JSON_DEPTH.
 */
export function parseJson(bytes: Uint8Array, where: Place): unknown {
  const text = decodeUtf8(bytes, where);
  assertDepth(bytes, where);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const found = error instanceof SyntaxError ? error.message : String(error);
    throw new FormatError({ ...where, found: `invalid JSON (${found})`, allowed: 'JSON' });
  }
}

function decodeUtf8(bytes: Uint8Array, where: Place): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FormatError({ ...where, found: 'bytes that are not UTF-8', allowed: 'UTF-8 text' });
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function assertDepth(bytes: Uint8Array, where: Place): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > MAX_JSON_DEPTH) throw tooDeep(where, i);
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
}

function tooDeep(where: Place, byteOffset: number): FormatError {
  return new FormatError({
    ...where,
    byteOffset,
    found: `JSON nested more than ${MAX_JSON_DEPTH} levels deep`,
    allowed: `at most ${MAX_JSON_DEPTH} levels`,
  });
}

/** A JSON object, as opposed to an array, null or a plain value. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was found, in words short enough for a message: `"text"`, `[1,2,…`, `3`. */
export function describeJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
