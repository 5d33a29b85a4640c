import { createRandom, type Random, shuffledIndices } from '../../src/core/random';
import { elementCount, type ReferenceArray } from '../../src/engines/reference/referenceArray';

/** Seeded shapes, attributes and values. */
export class Draw {
  private readonly random: Random;

  constructor(seed: number) {
    this.random = createRandom(seed);
  }

  /** A whole number, both ends included. */
  integer(low: number, high: number): number {
    return low + this.random.below(high - low + 1);
  }

  number(low: number, high: number): number {
    return low + ((high - low) * this.random.bits()) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.number(0, 1) < probability;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.random.below(list.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  list(length: number, low: number, high: number): number[] {
    return Array.from({ length }, () => this.integer(low, high));
  }

  /** A rank from `low` to `high`, sizes of at most 4, so that high ranks stay small. */
  shape(low: number, high: number): number[] {
    const rank = this.integer(low, high);
    return this.list(rank, 1, rank > 4 ? 2 : 4);
  }

  axis(shape: readonly number[]): number {
    return this.integer(-shape.length, shape.length - 1);
  }

  /** Some of the axes, at least one, each once. */
  axes(shape: readonly number[]): number[] {
    const count = this.integer(1, shape.length);
    return this.permutation(shape.length).slice(0, count);
  }

  permutation(length: number): number[] {
    return [...shuffledIndices(length, this.random)];
  }

  /**
   * Values of which no two are close to each other, so that maxima and orders have no ties near, and that
   * float32 holds exactly.
   */
  floats(shape: readonly number[], low = -2, high = 2): ReferenceArray {
    const count = elementCount(shape);
    const order = shuffledIndices(count, this.random);
    const values = Float64Array.from(order, (place) => {
      const within = (place + this.number(0.3, 0.7)) / count;
      return Math.fround(low + (high - low) * within);
    });
    return { shape, type: 'float32', values };
  }

  integers(shape: readonly number[], low: number, high: number): ReferenceArray {
    const values = Float64Array.from(this.list(elementCount(shape), low, high));
    return { shape, type: 'int32', values };
  }

  bools(shape: readonly number[]): ReferenceArray {
    return { ...this.integers(shape, 0, 1), type: 'bool' };
  }

  /** Mostly floats, sometimes integers or bools, for what only moves elements. */
  anything(shape: readonly number[]): ReferenceArray {
    const kind = this.integer(0, 5);
    if (kind === 0) return this.integers(shape, -1_000_000_000, 1_000_000_000);
    return kind === 1 ? this.bools(shape) : this.floats(shape);
  }

  /** A parameter that may be absent. */
  maybe<T>(make: () => T): T | null {
    return this.chance(0.7) ? make() : null;
  }

  /** Some axes set to 1, some leading ones left out: broadcast to the shape. */
  broadcastable(shape: readonly number[]): number[] {
    const from = this.chance(0.3) ? this.integer(0, shape.length) : 0;
    return shape.slice(from).map((size) => (this.chance(0.3) ? 1 : size));
  }
}
