import type { DataFormat } from '../graph';
import type { WindowAttributes } from './linear';

/** Maximum or mean over windows of one or two spatial axes. Padding never wins a maximum. Input: x. */
export interface PoolOperator extends WindowAttributes {
  readonly kind: 'pool';
  readonly mode: 'max' | 'average';
  readonly size: readonly number[];
  /** Whether a last window that reaches beyond the padded input counts. */
  readonly ceil: boolean;
  /** Whether averages count the padding that is given (never what `ceil` adds). */
  readonly includePadding: boolean;
}

/** Maximum or mean over all spatial axes. Input: x of rank >= 3. */
export interface GlobalPoolOperator {
  readonly kind: 'globalPool';
  readonly mode: 'max' | 'average';
  readonly dataFormat: DataFormat;
  readonly keepDims: boolean;
}
