import type { OpaqueOperator, Operator } from '../../src/core/graph/operators/operator';
import type { ReferenceArray } from '../../src/engines/reference/referenceArray';
import type { Draw } from './draw';

export type KnownOperator = Exclude<Operator, OpaqueOperator>;
export type OperatorKind = KnownOperator['kind'];

/** An operator with attributes and inputs that fit it. */
export interface ConformanceCase {
  readonly operator: KnownOperator;
  /** Floats are numbers that float32 has. */
  readonly inputs: readonly (ReferenceArray | null)[];
  /** True where the inputs lie on jumps of the function, as halves do that are rounded. */
  readonly hasNoDerivative?: boolean;
}

/** @param index of the case, so that lists of modes can be gone through */
export type MakeCase<K extends OperatorKind = OperatorKind> = (
  draw: Draw,
  index: number,
) => ConformanceCase & { readonly operator: Extract<KnownOperator, { readonly kind: K }> };
