/** Types of at most eight bits whose values are looked up: sign, exponent and mantissa bits, and the bias. */
interface SmallFloat {
  readonly signBits: 0 | 1;
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /** Bit patterns without a value by the rule above: NaN and infinities. */
  readonly special?: (code: number) => number | null;
}

/**
 * float8: Micikevicius et al. 2022, "FP8 Formats for Deep Learning", table 1; the fnuz types: Noune et
 * al. 2022, "8-bit Numerical Formats for Deep Neural Networks". float6, float4 and e8m0: Open Compute
 * Project, "Microscaling Formats (MX) Specification" 1.0, section 5.3.
 */
const SMALL_FLOATS = {
  float8_e4m3fn: {
    signBits: 1,
    exponentBits: 4,
    mantissaBits: 3,
    bias: 7,
    special: (code: number) => ((code & 0x7f) === 0x7f ? NaN : null),
  },
  float8_e5m2: {
    signBits: 1,
    exponentBits: 5,
    mantissaBits: 2,
    bias: 15,
    special: (code: number) => {
      if ((code & 0x7c) !== 0x7c) return null;
      if ((code & 3) !== 0) return NaN;
      return code & 0x80 ? -Infinity : Infinity;
    },
  },
  float8_e4m3fnuz: {
    signBits: 1,
    exponentBits: 4,
    mantissaBits: 3,
    bias: 8,
    special: onlyNegativeZero,
  },
  float8_e5m2fnuz: {
    signBits: 1,
    exponentBits: 5,
    mantissaBits: 2,
    bias: 16,
    special: onlyNegativeZero,
  },
  float8_e8m0fnu: {
    signBits: 0,
    exponentBits: 8,
    mantissaBits: 0,
    bias: 127,
    // Exponents alone: there is no zero and no subnormal number.
    special: (code: number) => (code === 0xff ? NaN : 2 ** (code - 127)),
  },
  float6_e2m3fn: { signBits: 1, exponentBits: 2, mantissaBits: 3, bias: 1 },
  float6_e3m2fn: { signBits: 1, exponentBits: 3, mantissaBits: 2, bias: 3 },
  float4_e2m1fn: { signBits: 1, exponentBits: 2, mantissaBits: 1, bias: 1 },
} as const satisfies Readonly<Record<string, SmallFloat>>;

const SMALL_INTEGERS = {
  int4: { bits: 4, signed: true },
  uint4: { bits: 4, signed: false },
  int2: { bits: 2, signed: true },
  uint2: { bits: 2, signed: false },
} as const;

export type SmallType = keyof typeof SMALL_FLOATS | keyof typeof SMALL_INTEGERS;

/** The values of all bit patterns of a small type; exact in float32. */
export function smallTypeValues(type: SmallType): Float32Array {
  const known = tables.get(type);
  if (known !== undefined) return known;
  const table =
    type in SMALL_INTEGERS
      ? integerValues(SMALL_INTEGERS[type as keyof typeof SMALL_INTEGERS])
      : floatValues(SMALL_FLOATS[type as keyof typeof SMALL_FLOATS]);
  tables.set(type, table);
  return table;
}

const tables = new Map<SmallType, Float32Array>();

/** In the fnuz types the pattern of minus zero is the only NaN. */
function onlyNegativeZero(code: number): number | null {
  return code === 0x80 ? NaN : null;
}

function floatValues(type: SmallFloat): Float32Array {
  const { signBits, exponentBits, mantissaBits, bias } = type;
  const steps = 1 << mantissaBits;
  const values = new Float32Array(1 << (signBits + exponentBits + mantissaBits));
  for (let code = 0; code < values.length; code++) {
    const sign = signBits === 1 && code >= values.length / 2 ? -1 : 1;
    const exponent = (code >>> mantissaBits) & ((1 << exponentBits) - 1);
    const mantissa = code & (steps - 1);
    const normal = (1 + mantissa / steps) * 2 ** (exponent - bias);
    const subnormal = (mantissa / steps) * 2 ** (1 - bias);
    values[code] = type.special?.(code) ?? sign * (exponent === 0 ? subnormal : normal);
  }
  return values;
}

function integerValues({ bits, signed }: { bits: number; signed: boolean }): Float32Array {
  const count = 1 << bits;
  return Float32Array.from({ length: count }, (_, code) =>
    signed && code >= count / 2 ? code - count : code,
  );
}

/** target[i] = the i-th code of `bits` bits, packed from the lowest bit of the first byte on. */
export function unpackCodes(bytes: Uint8Array, bits: number, target: Uint8Array): void {
  const mask = (1 << bits) - 1;
  let at = 0;
  let held = 0;
  let heldBits = 0;
  for (let i = 0; i < target.length; i++) {
    if (heldBits < bits) {
      held |= bytes[at++] << heldBits;
      heldBits += 8;
    }
    target[i] = held & mask;
    held >>>= bits;
    heldBits -= bits;
  }
}
