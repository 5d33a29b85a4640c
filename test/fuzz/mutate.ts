import type { Random } from '../../src/core/random';

/** Where most of a format's rules stand: headers come first, directories last. */
const EDGE_BYTES = 4096;

const WORDS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** One to four changes of a file's bytes; the same seed gives the same mutant. */
export function mutate(bytes: Uint8Array, random: Random): Buffer {
  let mutant: Buffer = Buffer.from(bytes);
  const changes = 1 + random.below(4);
  for (let i = 0; i < changes; i++) mutant = changeOnce(mutant, random);
  return mutant;
}

function changeOnce(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return Buffer.from([random.below(256)]);
  const at = somewhere(bytes.length, random);
  const length = 1 + random.below(random.below(4) === 0 ? 4096 : 16);
  switch (random.below(8)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
    case 1:
      bytes[at] = random.below(256);
      return bytes;
    case 2:
      return withWord(bytes, at, random);
    case 3:
      return bytes.subarray(0, at);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 5:
      return Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(at, at + length),
        bytes.subarray(at),
      ]);
    case 6:
      return overwritten(bytes, { from: somewhere(bytes.length, random), at, length });
    default:
      return digitsChanged(bytes, at, random);
  }
}

/** Half of the changes go where the structure is. */
function somewhere(length: number, random: Random): number {
  const edge = Math.min(EDGE_BYTES, length);
  switch (random.below(4)) {
    case 0:
      return random.below(edge);
    case 1:
      return length - 1 - random.below(edge);
    default:
      return random.below(length);
  }
}

/** A number at which counts and offsets go wrong, little- or big-endian, in 1 to 8 bytes. */
function withWord(bytes: Buffer, at: number, random: Random): Buffer {
  const word = BigInt(WORDS[random.below(WORDS.length)] ?? 0) << BigInt(random.below(2) * 32);
  const field = Buffer.alloc(8);
  if (random.below(2) === 0) field.writeBigUInt64LE(word);
  else field.writeBigUInt64BE(word);
  field.copy(bytes, at, 0, 1 << random.below(4));
  return bytes;
}

function overwritten(
  bytes: Buffer,
  run: { readonly from: number; readonly at: number; readonly length: number },
): Buffer {
  Buffer.from(bytes.subarray(run.from, run.from + run.length)).copy(bytes, run.at);
  return bytes;
}

/** In text formats single bytes are mostly letters: a changed number goes further. */
function digitsChanged(bytes: Buffer, at: number, random: Random): Buffer {
  const found = bytes.subarray(at).findIndex((byte) => byte >= 0x30 && byte <= 0x39);
  if (found >= 0) bytes[at + found] = 0x30 + random.below(10);
  return bytes;
}
