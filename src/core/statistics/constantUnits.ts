import type { Values } from '../model/decodeValues';
import type { UnitMap } from '../report/plan';

/** Units whose weights are all the same number, so that they tell nothing of the input. */
export interface ConstantUnits {
  readonly unitCount: number;
  /** Of those, how many are all zero: dead. */
  readonly zero: number;
  readonly constant: number;
  /** The first of them by index, at most {@link MOST_EXAMPLES}. */
  readonly examples: readonly number[];
}

export const MOST_EXAMPLES = 16;

/**
 * Finds constant units while the values of a tensor stream by. A unit is looked at only until two of
 * its weights differ, so an ordinary tensor costs a few looks at each unit. Space: 9 bytes a unit.
 */
export class ConstantUnitFinder {
  private readonly firstValues: Float64Array;
  private readonly isSeen: Uint8Array;
  private undecided: Uint32Array;

  constructor(private readonly map: UnitMap) {
    this.firstValues = new Float64Array(map.count);
    this.isSeen = new Uint8Array(map.count);
    this.undecided = Uint32Array.from({ length: map.count }, (_, unit) => unit);
  }

  /** Looks at the next chunk; `firstElement` is its first value's index in storage order. */
  add(values: Values, firstElement: number): void {
    if (this.undecided.length === 0) return;
    const kept = this.undecided.filter((unit) => this.mayBeConstant(unit, values, firstElement));
    if (kept.length < this.undecided.length) this.undecided = kept;
  }

  /** What was found in all chunks so far. */
  result(): ConstantUnits {
    const constant = this.undecided.filter((unit) => this.isSeen[unit] === 1);
    return {
      unitCount: this.map.count,
      zero: constant.filter((unit) => this.firstValues[unit] === 0).length,
      constant: constant.length,
      examples: [...constant.subarray(0, MOST_EXAMPLES)],
    };
  }

  /** Goes through the runs of one unit in a chunk: a run of `inner` elements in each period. */
  private mayBeConstant(unit: number, values: Values, firstElement: number): boolean {
    const { inner, count } = this.map;
    const period = inner * count;
    const end = firstElement + values.length;
    const ownStart = unit * inner;
    const skipped = Math.max(0, Math.floor((firstElement - ownStart) / period));
    for (let start = ownStart + skipped * period; start < end; start += period) {
      const from = Math.max(start, firstElement) - firstElement;
      const to = Math.min(start + inner, end) - firstElement;
      if (!this.isSame(unit, values, { from, to })) return false;
    }
    return true;
  }

  private isSame(
    unit: number,
    values: Values,
    { from, to }: { readonly from: number; readonly to: number },
  ): boolean {
    if (from >= to) return true;
    if (this.isSeen[unit] === 0) {
      this.isSeen[unit] = 1;
      this.firstValues[unit] = values[from] ?? 0;
    }
    const expected = this.firstValues[unit];
    for (let i = from; i < to; i++) if (values[i] !== expected) return false;
    return true;
  }
}
