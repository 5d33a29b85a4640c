import { MAX_PICKLE_LINE_BYTES, MAX_PICKLE_LONG_BYTES, MAX_PICKLE_TEXT_BYTES } from '../../limits';
import type { PickleMachine } from './pickleMachine';
import type { PickleText, PickleValue } from './pickleValue';
import { unescapeUnicode, unquoteString } from './unescapeText';

/** What one opcode does; a promise where it has to read on. */
export type OpcodeHandler = (machine: PickleMachine) => void | Promise<void>;

/** Numbers, text and bytes. Source: CPython, Lib/pickletools.py (opcodes of protocols 0 to 5). */
export const SCALAR_OPCODES: readonly (readonly [number, OpcodeHandler])[] = [
  [0x4e, (m) => m.push(null)], // NONE
  [0x88, (m) => m.push(true)], // NEWTRUE
  [0x89, (m) => m.push(false)], // NEWFALSE
  [0x4a, (m) => m.push(m.cursor.int32())], // BININT
  [0x4b, (m) => m.push(m.cursor.uint8())], // BININT1
  [0x4d, (m) => m.push(m.cursor.uint16())], // BININT2
  [0x47, (m) => m.push(m.cursor.float64BigEndian())], // BINFLOAT
  [0x49, (m) => m.push(parseIntLine(m))], // INT
  [0x4c, (m) => m.push(parseLongLine(m))], // LONG
  [0x46, (m) => m.push(parseFloatLine(m))], // FLOAT
  [0x8a, (m) => pushLong(m, m.cursor.uint8())], // LONG1
  [0x8b, (m) => pushLong(m, m.cursor.int32())], // LONG4
  [0x53, (m) => pushLineText(m, unquoteString)], // STRING
  [0x56, (m) => pushLineText(m, unescapeUnicode)], // UNICODE
  [0x54, (m) => pushText(m, 'latin1', [m.cursor.int32(), 4])], // BINSTRING
  [0x55, (m) => pushText(m, 'latin1', [m.cursor.uint8(), 1])], // SHORT_BINSTRING
  [0x58, (m) => pushText(m, 'utf-8', [m.cursor.uint32(), 4])], // BINUNICODE
  [0x8c, (m) => pushText(m, 'utf-8', [m.cursor.uint8(), 1])], // SHORT_BINUNICODE
  [0x8d, (m) => pushText(m, 'utf-8', [m.cursor.uint64(), 8])], // BINUNICODE8
  [0x42, (m) => pushBytes(m, m.cursor.uint32())], // BINBYTES
  [0x43, (m) => pushBytes(m, m.cursor.uint8())], // SHORT_BINBYTES
  [0x8e, (m) => pushBytes(m, m.cursor.uint64())], // BINBYTES8
  [0x96, (m) => pushBytes(m, m.cursor.uint64())], // BYTEARRAY8
  [0x97, (m) => m.pushNew({ kind: 'buffer' })], // NEXT_BUFFER
  [0x98, (m) => void m.top()], // READONLY_BUFFER
];

/** Text of ASCII characters, as numbers and names of the text protocols are. */
export function asciiLine(machine: PickleMachine): string {
  return String.fromCharCode(...machine.cursor.line());
}

/** The whole number that a line or a memo index is. @throws FormatError when it is none. */
export function parseWhole(machine: PickleMachine, text: string): number | bigint {
  if (!/^[+-]?\d+$/.test(text.trim()) || text.length > MAX_PICKLE_LINE_BYTES) {
    throw machine.cursor.error(`the number ${JSON.stringify(text.slice(0, 40))}`, 'a whole number');
  }
  return plainNumber(BigInt(text.trim().replace(/^\+/, '')));
}

function plainNumber(value: bigint): number | bigint {
  const asNumber = Number(value);
  return Number.isSafeInteger(asNumber) ? asNumber : value;
}

function parseIntLine(machine: PickleMachine): PickleValue {
  const text = asciiLine(machine);
  if (text === '00') return false;
  return text === '01' ? true : parseWhole(machine, text);
}

function parseLongLine(machine: PickleMachine): PickleValue {
  return parseWhole(machine, asciiLine(machine).replace(/L$/, ''));
}

function parseFloatLine(machine: PickleMachine): number {
  const text = asciiLine(machine).trim().toLowerCase();
  const value = SPECIAL_FLOATS[text.replace('infinity', 'inf')] ?? Number(text);
  if (text !== '' && (!Number.isNaN(value) || text.endsWith('nan'))) return value;
  throw machine.cursor.error(`the number ${JSON.stringify(text.slice(0, 40))}`, 'a number');
}

const SPECIAL_FLOATS: Readonly<Record<string, number>> = {
  inf: Infinity,
  '+inf': Infinity,
  '-inf': -Infinity,
  nan: NaN,
  '-nan': NaN,
};

/** Little-endian, two's complement. Longer ones than any program needs are kept as their bytes. */
function pushLong(machine: PickleMachine, byteLength: number): void {
  if (byteLength < 0) throw machine.cursor.error(`${byteLength} bytes`, 'a length from 0');
  if (byteLength > MAX_PICKLE_LONG_BYTES) {
    pushBytes(machine, byteLength);
    return;
  }
  let value = 0n;
  const bytes = machine.cursor.bytes(byteLength);
  for (let i = byteLength - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  machine.push(plainNumber(BigInt.asIntN(8 * byteLength, value)));
}

function pushBytes(machine: PickleMachine, byteLength: number): void {
  const { byteOffset } = machine.cursor;
  machine.cursor.skip(byteLength, 'bytes');
  machine.pushNew({ kind: 'bytes', byteOffset, byteLength });
}

function pushText(
  machine: PickleMachine,
  encoding: 'utf-8' | 'latin1',
  [byteLength, lengthBytes]: readonly [number, number],
): void {
  const { cursor } = machine;
  if (byteLength < 0) throw cursor.error(`text of ${byteLength} bytes`, 'a length from 0');
  const place = { byteOffset: cursor.byteOffset, byteLength, encoding, lengthBytes };
  let text: string | null = null;
  if (byteLength <= MAX_PICKLE_TEXT_BYTES && machine.mayKeepText(byteLength)) {
    text = decodeText(machine, cursor.bytes(byteLength), encoding);
  } else {
    cursor.skip(byteLength, 'text');
  }
  machine.pushNew({ kind: 'text', text, ...place });
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeText(
  machine: PickleMachine,
  bytes: Uint8Array,
  encoding: PickleText['encoding'],
): string {
  if (encoding === 'latin1') return String.fromCharCode(...bytes);
  try {
    return UTF8.decode(bytes);
  } catch {
    return decodeWithSurrogates(machine, bytes);
  }
}

/** Python writes lone surrogates as three bytes, which are no UTF-8: they become U+FFFD. */
function decodeWithSurrogates(machine: PickleMachine, bytes: Uint8Array): string {
  const copy = bytes.slice();
  for (let i = 0; i + 2 < copy.length; i++) {
    if (copy[i] === 0xed && (copy[i + 1] ?? 0) >= 0xa0) copy.set([0xef, 0xbf, 0xbd], i);
  }
  try {
    return UTF8.decode(copy);
  } catch {
    throw machine.cursor.error('bytes that are not UTF-8', 'UTF-8 text');
  }
}

/** A line with escapes; a long one is kept as its range. */
async function pushLineText(
  machine: PickleMachine,
  unescape: (line: string) => string,
): Promise<void> {
  const { cursor } = machine;
  const { byteOffset } = cursor;
  const line = cursor.hasShortLine() ? asciiLine(machine) : null;
  const byteLength = line?.length ?? (await cursor.skipLine());
  const text = line !== null && machine.mayKeepText(byteLength) ? unescape(line) : null;
  machine.pushNew({
    kind: 'text',
    text,
    byteOffset,
    byteLength,
    encoding: 'escaped',
    lengthBytes: 0,
  });
}
