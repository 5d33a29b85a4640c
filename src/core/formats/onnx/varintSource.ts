import { FormatError, type Place } from '../../errors';
import { type ByteSource, readBytes } from '../../io';
import { decodeVarints, skipVarints } from '../../kernels/varintKernel';
import { MAX_VARINT_BYTES } from './protobuf/varint';
import type { WireRange } from './protobuf/wireReader';

const STEP_BYTES = 256 * 1024;

/** Where decoding can begin anew, so that a read in the middle need not start from the first number. */
const CHECKPOINT_NUMBERS = 4096;

interface Checkpoint {
  readonly run: number;
  /** From the run's start. */
  readonly byteOffset: number;
}

/** Whole varints of a run, one after the other. */
export interface VarintWindow {
  /** Where they stand in the file. */
  readonly byteOffset: number;
  readonly bytes: Uint8Array;
}

/**
 * The numbers of a typed field (int32_data, …) as the little-endian array that they stand for.
 * Constant space but for a checkpoint every 4,096 numbers.
 */
export class VarintSource implements ByteSource {
  readonly derived = true;
  readonly byteLength: number;

  private constructor(
    readonly name: string,
    /** Bytes of the file that hold nothing but the numbers. */
    readonly runs: readonly WireRange[],
    private readonly numbers: Numbers,
  ) {
    this.byteLength = numbers.count * numbers.numberBytes;
  }

  /** Bytes that one number stands for. */
  get numberBytes(): number {
    return this.numbers.numberBytes;
  }

  /** Counts the numbers: one pass. @throws FormatError when one does not end, or is too long. */
  static async open(
    file: ByteSource,
    runs: readonly WireRange[],
    options: { readonly name: string; readonly numberBytes: number; readonly where: Place },
  ): Promise<VarintSource> {
    const index = await indexVarints(file, runs, options.where);
    const { name, numberBytes } = options;
    return new VarintSource(name, runs, { ...index, file, numberBytes });
  }

  async readInto(byteOffset: number, target: Uint8Array): Promise<void> {
    const end = byteOffset + target.length;
    if (end > this.byteLength) throw this.endsEarly();
    const first = Math.floor(byteOffset / this.numberBytes);
    const skipped = byteOffset - first * this.numberBytes;
    const whole = Math.ceil(end / this.numberBytes) - first;
    const aligned = skipped === 0 && whole * this.numberBytes === target.length;
    const numbers = aligned ? target : new Uint8Array(whole * this.numberBytes);
    let filled = 0;
    for await (const { bytes } of this.windowsFrom(first)) {
      filled += decodeVarints(bytes, this.numberBytes, numbers.subarray(filled));
      if (filled === numbers.length) break;
    }
    if (!aligned) target.set(numbers.subarray(skipped, skipped + target.length));
  }

  /** The varints from a number on, in order; each window is valid until the next is asked for. */
  async *windowsFrom(first: number): AsyncGenerator<VarintWindow> {
    const checkpoint = this.numbers.checkpoints[Math.floor(first / CHECKPOINT_NUMBERS)];
    if (checkpoint === undefined) return;
    let skip = first % CHECKPOINT_NUMBERS;
    for (let run = checkpoint.run; run < this.runs.length; run++) {
      const from = run === checkpoint.run ? checkpoint.byteOffset : 0;
      for await (const window of windowsOfRun(this.numbers.file, this.runs[run], from)) {
        const start = skip === 0 ? 0 : skipVarints(window.bytes, 0, skip);
        skip = skip === 0 ? 0 : skip - countVarints(window.bytes.subarray(0, start));
        const byteOffset = window.byteOffset + start;
        if (start < window.bytes.length) yield { byteOffset, bytes: window.bytes.subarray(start) };
      }
    }
  }

  private endsEarly(): FormatError {
    return new FormatError({
      format: 'onnx',
      place: this.name,
      found: `${this.byteLength} bytes of numbers`,
      allowed: 'as many as its shape needs',
    });
  }
}

async function* windowsOfRun(
  file: ByteSource,
  run: WireRange | undefined,
  from: number,
): AsyncGenerator<VarintWindow> {
  if (run === undefined) return;
  for (let at = from; at < run.byteLength;) {
    const byteOffset = run.byteOffset + at;
    const bytes = await readBytes(file, byteOffset, Math.min(STEP_BYTES, run.byteLength - at));
    let end = bytes.length;
    while (end > 0 && (bytes[end - 1] ?? 0) >= 0x80) end--;
    if (end === 0) throw new Error('a run of numbers changed while it was being read');
    yield { byteOffset, bytes: bytes.subarray(0, end) };
    at += end;
  }
}

function countVarints(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count++;
  return count;
}

interface Numbers extends VarintIndex {
  readonly file: ByteSource;
  readonly numberBytes: number;
}

interface VarintIndex {
  readonly count: number;
  readonly checkpoints: readonly Checkpoint[];
}

async function indexVarints(
  file: ByteSource,
  runs: readonly WireRange[],
  where: Place,
): Promise<VarintIndex> {
  const checkpoints: Checkpoint[] = [];
  let count = 0;
  for (const [run, { byteOffset, byteLength }] of runs.entries()) {
    let pending = 0;
    for (let at = 0; at < byteLength; at += STEP_BYTES) {
      const bytes = await readBytes(file, byteOffset + at, Math.min(STEP_BYTES, byteLength - at));
      for (let i = 0; i < bytes.length; i++) {
        if (pending === 0 && count % CHECKPOINT_NUMBERS === 0) {
          checkpoints.push({ run, byteOffset: at + i });
        }
        if ((bytes[i] ?? 0) >= 0x80) {
          if (++pending >= MAX_VARINT_BYTES) throw broken(where, 'a varint above 10 bytes');
        } else {
          pending = 0;
          count++;
        }
      }
    }
    if (pending > 0) throw broken(where, 'the end within a number');
  }
  return { count, checkpoints };
}

function broken(where: Place, found: string): FormatError {
  return new FormatError({ ...where, found, allowed: 'varints of at most 10 bytes' });
}
