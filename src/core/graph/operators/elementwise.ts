import type { ElementType } from '../graph';

/**
 * How inputs of fewer axes are brought to the rank of the others: with new axes in front, as in NumPy
 * and ONNX, or after the batch, as Keras layers do.
 */
export type Alignment = 'leading' | 'afterBatch';

/** Element by element over one or more inputs, broadcast. */
export interface MergeOperator {
  readonly kind: 'merge';
  readonly mode:
    | 'add'
    | 'subtract'
    | 'multiply'
    | 'divide'
    | 'average'
    | 'maximum'
    | 'minimum'
    | 'power'
    /** The remainder with the sign of the divisor. */
    | 'modulo'
    /** The remainder with the sign of the dividend. */
    | 'remainder'
    /** Towards minus infinity. */
    | 'floorDivide'
    /** Integers, towards zero. */
    | 'truncateDivide'
    | 'squaredDifference'
    | 'atan2';
  readonly alignment: Alignment;
}

/** Element by element over two inputs, broadcast as in NumPy; gives bool. */
export interface CompareOperator {
  readonly kind: 'compare';
  readonly mode: 'equal' | 'notEqual' | 'greater' | 'greaterOrEqual' | 'less' | 'lessOrEqual';
}

/** Element by element over two bool inputs, broadcast as in NumPy. */
export interface LogicalOperator {
  readonly kind: 'logical';
  readonly mode: 'and' | 'or' | 'xor';
}

/** Inputs: condition, value where true, value where false; broadcast as in NumPy. */
export interface SelectOperator {
  readonly kind: 'select';
}

/** To float, to integer (towards zero), or to bool (not zero). Input: x. */
export interface CastOperator {
  readonly kind: 'cast';
  readonly to: ElementType;
}
