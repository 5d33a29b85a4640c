import type { Criterion, UnitReduction } from '../../src/core/criteria/criterion';

/** `structured` of test/fixtures/oracles/pruning: norms of units, and which of them ln_structured takes. */
export interface StructuredOracle {
  readonly rule: string;
  readonly [layer: string]: string | StructuredLayer;
}

type StructuredLayer = Readonly<Record<string, StructuredUnits | readonly number[]>>;

export interface StructuredUnits {
  readonly norms: readonly number[];
  readonly pruned: Readonly<
    Record<
      string,
      { readonly indices: readonly number[]; readonly agrees_with_stable_argsort: boolean }
    >
  >;
}

/** One axis of one layer under one norm. */
export interface StructuredCase {
  readonly layer: string;
  /** 0 are the output units of a layer in PyTorch, 1 what it reads. */
  readonly dim: 0 | 1;
  readonly norm: 'L1' | 'L2';
  readonly units: StructuredUnits;
}

/** Every axis and norm that an oracle tells of. */
export function structuredCases(oracle: unknown): readonly StructuredCase[] {
  const { structured } = oracle as { structured: StructuredOracle };
  return Object.entries(structured).flatMap(([layer, ofLayer]) => {
    if (typeof ofLayer === 'string') return [];
    return Object.entries(ofLayer).flatMap(([key, units]): StructuredCase[] => {
      const [, dim, norm] = /^dim([01])_(L[12])$/.exec(key) ?? [];
      if (norm === undefined) return [];
      const axis = dim === '0' ? 0 : 1;
      return [{ layer, dim: axis, norm: norm as 'L1' | 'L2', units: units as StructuredUnits }];
    });
  });
}

/** The criterion, and the reduction of magnitudes, that rank by a norm. */
export const NORMS: Readonly<
  Record<'L1' | 'L2', { readonly criterion: Criterion; readonly reduction: UnitReduction }>
> = {
  L1: { criterion: 'l1-norm', reduction: 'sum' },
  L2: { criterion: 'l2-norm', reduction: 'l2' },
};
