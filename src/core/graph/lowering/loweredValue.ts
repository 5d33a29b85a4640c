import type { ElementType } from '../graph';
import type { HostElement, HostValue } from './hostValue';

/** What a value of the source graph has become while it is lowered. */
export type LoweredValue =
  /** A value of the graph that is written. */
  | { readonly kind: 'graph'; readonly value: string }
  | LoweredTensor
  /** Known, and written as a constant only where a node needs it as data. */
  | { readonly kind: 'host'; readonly host: HostValue }
  | UniformValue;

/** A tensor of the file, which becomes a parameter where a node needs it as data. */
export interface LoweredTensor {
  readonly kind: 'tensor';
  readonly tensor: { readonly name: string; readonly shape: readonly number[] };
  readonly type: ElementType;
  readonly asCodes: boolean;
  /** Its elements where it is small and was read; null otherwise. */
  readonly host: HostValue | null;
}

/** One value everywhere, in a shape that is too large to be written out or has open sizes (null). */
export interface UniformValue {
  readonly kind: 'uniform';
  readonly shape: readonly HostElement[];
  readonly type: ElementType;
  readonly element: number;
}

export function graphValue(value: string): LoweredValue {
  return { kind: 'graph', value };
}

export function hostResult(host: HostValue): LoweredValue {
  return { kind: 'host', host };
}

/** The elements of a value where they are known while lowering. */
export function hostOf(value: LoweredValue): HostValue | null {
  return value.kind === 'host' || value.kind === 'tensor' ? value.host : null;
}
