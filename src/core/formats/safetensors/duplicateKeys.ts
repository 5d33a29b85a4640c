import { FormatError } from '../../errors';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * JSON.parse silently keeps the last of two equal keys; two tensors of one name are an error.
 * Walks the valid JSON once and looks at the keys of the outermost object.
 * @throws FormatError naming the key.
 */
export function assertNoDuplicateKeys(json: Uint8Array): void {
  const seen = new Set<string>();
  let depth = 0;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i] ?? 0;
    if (OPEN.has(byte)) depth++;
    else if (CLOSE.has(byte)) depth--;
    else if (byte === QUOTE) {
      const end = endOfString(json, i);
      if (depth === 1 && isKey(json, end)) addKey(seen, json.subarray(i, end), i);
      i = end - 1;
    }
  }
}

function addKey(seen: Set<string>, quoted: Uint8Array, byteOffset: number): void {
  const key = JSON.parse(new TextDecoder().decode(quoted)) as string;
  if (seen.has(key)) {
    throw new FormatError({
      format: 'safetensors',
      place: 'header',
      found: `the name ${JSON.stringify(key)} twice`,
      allowed: 'each name once',
      byteOffset: byteOffset + 8,
    });
  }
  seen.add(key);
}

/** The index after the closing quote of the string that opens at `start`. */
function endOfString(json: Uint8Array, start: number): number {
  let i = start + 1;
  while (i < json.length && json[i] !== QUOTE) i += json[i] === BACKSLASH ? 2 : 1;
  return i + 1;
}

function isKey(json: Uint8Array, afterString: number): boolean {
  let i = afterString;
  while (SPACE.has(json[i] ?? 0)) i++;
  return json[i] === COLON;
}
