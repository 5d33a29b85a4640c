/** A stream of random numbers that its seed alone determines, on every machine. */
export interface Random {
  /** The next 32 random bits, as a whole number from 0. */
  bits(): number;
  /** A whole number from 0 up to, not with, `limit`, each as likely. */
  below(limit: number): number;
}

/**
 * A stream of {@link xoshiro128}, its state filled from the seed by splitmix32, so that seeds 0, 1, 2 give
 * unlike streams.
 * @param seed a whole number; only its lowest 32 bits count
 */
export function createRandom(seed: number): Random {
  const nextSeed = splitMix32(seed);
  const bits = xoshiro128([nextSeed(), nextSeed(), nextSeed(), nextSeed()]);
  return { bits, below: (limit) => drawBelow(bits, limit) };
}

/**
 * xoshiro128** 1.1: 32 random bits a call, with a period of 2^128 - 1.
 * Source: Blackman and Vigna, Scrambled linear pseudorandom number generators, 2021.
 * @param state not all 0
 */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

/** Draws again where the rest of 2^32 divided by the limit would favour small numbers. */
function drawBelow(bits: () => number, limit: number): number {
  const fair = 2 ** 32 - (2 ** 32 % limit);
  for (;;) {
    const drawn = bits();
    if (drawn < fair) return drawn % limit;
  }
}

/** Source: the 32-bit finaliser of MurmurHash3 over a Weyl sequence, as in Java's SplittableRandom. */
function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed ^= mixed >>> 13;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
}

function rotateLeft(bits: number, count: number): number {
  return (bits << count) | (bits >>> (32 - count));
}

/**
 * The numbers from 0 up to, not with, `count` in random order.
 * Source: Fisher and Yates; Durstenfeld, Algorithm 235, 1964.
 */
export function shuffledIndices(count: number, random: Random): Uint32Array {
  const indices = Uint32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const moved = indices[last] ?? 0;
    indices[last] = indices[other] ?? 0;
    indices[other] = moved;
  }
  return indices;
}
