import type { Values } from '../model/decodeValues';
import type { ScoreTensor } from './scoreTensor';

/** Slabs are put together in memory up to this many elements (8 MB of scores at most); longer ones come in bands. */
const MAX_SLAB_ELEMENTS = 1 << 20;

/** A slab: this many rows of elements that lie together in the file, one row after the other. */
export interface SlabShape {
  readonly rows: number;
  /** Elements of a row. */
  readonly inner: number;
}

/** Whole slabs, or one slab's rows between two columns. Only valid until the next is asked for. */
export interface SlabPart {
  readonly scores: Values;
  /** Elements of a row here: the slab's own, or fewer in a band. */
  readonly inner: number;
  /** Where the elements lie, in the order of the scores. */
  readonly runs: readonly Run[];
}

export interface Run {
  /** Storage index of the first. */
  readonly firstElement: number;
  readonly length: number;
}

/**
 * All scores in parts that hold whole columns of slabs, so that what stands in one column is seen together.
 * Space: a chunk and a slab, or a band where slabs are larger than {@link MAX_SLAB_ELEMENTS}.
 */
export function wholeSlabs(
  scored: ScoreTensor,
  shape: SlabShape,
  maxSlabElements = MAX_SLAB_ELEMENTS,
): AsyncIterable<SlabPart> {
  const slab = shape.rows * shape.inner;
  return slab <= maxSlabElements
    ? joinedSlabs(scored, shape)
    : bands(scored, shape, maxSlabElements);
}

async function* joinedSlabs(
  scored: ScoreTensor,
  { rows, inner }: SlabShape,
): AsyncGenerator<SlabPart, void, undefined> {
  const slab = rows * inner;
  const held = new HeldSlab(slab);
  const part = (firstElement: number, scores: Values): SlabPart => ({
    scores,
    inner,
    runs: [{ firstElement, length: scores.length }],
  });
  for await (const { firstElement, scores } of scored.chunks()) {
    const begun = held.fill(scores);
    if (held.isFull) yield part(firstElement + begun - slab, held.take());
    const whole = Math.floor((scores.length - begun) / slab) * slab;
    if (whole > 0) yield part(firstElement + begun, scores.subarray(begun, begun + whole));
    if (!held.isBegun) held.begin(scores.subarray(begun + whole));
  }
}

/** The slab that a chunk's end has cut. */
class HeldSlab {
  private values: Values | null = null;
  private count = 0;

  constructor(private readonly length: number) {}

  get isFull(): boolean {
    return this.count === this.length;
  }

  get isBegun(): boolean {
    return this.count > 0;
  }

  begin(scores: Values): void {
    this.values ??=
      scores instanceof Float32Array
        ? new Float32Array(this.length)
        : new Float64Array(this.length);
    this.values.set(scores);
    this.count = scores.length;
  }

  /** Takes what is missing from a slab that was begun; returns how many scores that were. */
  fill(scores: Values): number {
    if (!this.isBegun || this.values === null) return 0;
    const taken = Math.min(this.length - this.count, scores.length);
    this.values.set(scores.subarray(0, taken), this.count);
    this.count += taken;
    return taken;
  }

  take(): Values {
    this.count = 0;
    if (this.values === null) throw new Error('no slab was begun');
    return this.values;
  }
}

async function* bands(
  scored: ScoreTensor,
  { rows, inner }: SlabShape,
  maxElements: number,
): AsyncGenerator<SlabPart, void, undefined> {
  const width = Math.max(1, Math.floor(maxElements / rows));
  for (let first = 0; first < scored.tensor.elementCount; first += rows * inner) {
    for (let column = 0; column < inner; column += width) {
      const length = Math.min(width, inner - column);
      const runs = Array.from({ length: rows }, (_, row) => ({
        firstElement: first + row * inner + column,
        length,
      }));
      yield { scores: await readRuns(scored, runs), inner: length, runs };
    }
  }
}

async function readRuns(scored: ScoreTensor, runs: readonly Run[]): Promise<Values> {
  const parts = await Promise.all(runs.map((run) => scored.read(run.firstElement, run.length)));
  const total = runs.reduce((sum, { length }) => sum + length, 0);
  const joined = scored.inFloat64 ? new Float64Array(total) : new Float32Array(total);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
