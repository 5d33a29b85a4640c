import type { Operator } from './operators/operator';

/**
 * One representation for every format that has a graph. Nodes stand in an order in which each comes
 * after what it reads. The first dimension of an activation usually is the batch; -1 where a size is open.
 */
export interface Graph {
  readonly inputs: readonly GraphInput[];
  /** Values that the model returns, in the file's order. */
  readonly outputs: readonly GraphOutput[];
  /** Tensors of the file that nodes read. */
  readonly parameters: readonly GraphParameter[];
  /** Small arrays that come from the graph itself: attributes, and what was computed from shapes. */
  readonly constants: readonly GraphConstant[];
  readonly nodes: readonly GraphNode[];
}

/** What the elements of a value are, as the executor holds them: all integers are int32 there. */
export type ElementType = 'float32' | 'int32' | 'bool';

export interface GraphInput {
  /** The value's id, as nodes refer to it. */
  readonly value: string;
  /** The name the user sees and passes. */
  readonly name: string;
  /** With the batch first; -1 where the file leaves a dimension open. */
  readonly shape: readonly number[];
  readonly type: ElementType;
}

export interface GraphOutput {
  readonly value: string;
  readonly name: string;
}

/** A tensor of the file as a value: its real numbers, also where the file holds integer codes. */
export interface GraphParameter {
  readonly value: string;
  /** The name of a tensor of the model. */
  readonly tensor: string;
  readonly type: ElementType;
  /** True where the graph itself turns codes into numbers, so that it wants the codes. */
  readonly asCodes?: boolean;
}

export interface GraphConstant {
  readonly value: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** In C order; bool as 0 and 1. */
  readonly values: readonly number[];
}

export interface GraphNode {
  /** Unique; the name in the source file, with a suffix where that is used more than once. */
  readonly id: string;
  /** The layer of the model that this node came from; its own name where it belongs to none. */
  readonly layer: string;
  readonly operator: Operator;
  /** Ids of the values read, in the operator's order; null for an optional one that is absent. */
  readonly inputs: readonly (string | null)[];
  /** Ids of the values made, in the operator's order; null for one that nothing reads. */
  readonly outputs: readonly (string | null)[];
}

export type DataFormat = 'channelsLast' | 'channelsFirst';

/** The value id under which a tensor of the file is read. */
export function parameterValue(tensor: string): string {
  return `%${tensor}`;
}
