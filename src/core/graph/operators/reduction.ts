/** One number from the elements along some axes. Input: x. */
export interface ReduceOperator {
  readonly kind: 'reduce';
  readonly mode:
    | 'sum'
    | 'mean'
    | 'max'
    | 'min'
    | 'prod'
    | 'l1'
    | 'l2'
    | 'sumSquare'
    | 'logSum'
    | 'logSumExp'
    | 'variance'
    | 'any'
    | 'all';
  /** May be negative; null: all axes. */
  readonly axes: readonly number[] | null;
  readonly keepDims: boolean;
}

/** The place of the largest or smallest element along an axis, as int32. Input: x. */
export interface ArgReduceOperator {
  readonly kind: 'argReduce';
  readonly mode: 'max' | 'min';
  readonly axis: number;
  readonly keepDims: boolean;
  /** Of several equal ones the last, not the first. */
  readonly last: boolean;
}

/** Sum or product of all elements up to each one along an axis. Input: x. */
export interface CumulateOperator {
  readonly kind: 'cumulate';
  readonly mode: 'sum' | 'prod';
  readonly axis: number;
  /** Without the element itself. */
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** The k largest or smallest elements along an axis, in order. Input: x. Outputs: values, indices as int32. */
export interface TopKOperator {
  readonly kind: 'topK';
  readonly k: number;
  readonly axis: number;
  readonly largest: boolean;
}
