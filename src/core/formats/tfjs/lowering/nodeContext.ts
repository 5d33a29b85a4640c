import { UnsupportedError } from '../../../errors';
import { type HostElement, type HostValue, isKnown } from '../../../graph/lowering/hostValue';
import { hostOf, type LoweredValue } from '../../../graph/lowering/loweredValue';
import type { LoweringAssembler } from '../../../graph/lowering/loweringAssembler';
import { LoweringNode } from '../../../graph/lowering/loweringNode';
import { openReshape } from '../../../graph/lowering/openReshape';
import type { ActivationFunction } from '../../../graph/operators/activation';
import type { MergeOperator } from '../../../graph/operators/elementwise';
import type { Operator } from '../../../graph/operators/operator';
import type { GraphNode } from '../graphNodes';
import { NodeAttributes } from './attributes';

/** Writes a node in the closed set. @returns its outputs */
export type LowerNode = (node: NodeContext) => LoweredValue | readonly LoweredValue[];

export type LoweringTable = Readonly<Record<string, LowerNode>>;

/** One node of a TensorFlow graph while it is lowered: its inputs and attributes, and ways to write operators. */
export class NodeContext extends LoweringNode {
  readonly attributes: NodeAttributes;
  private emitted = 0;

  constructor(
    assembler: LoweringAssembler,
    readonly node: GraphNode,
    readonly inputs: readonly LoweredValue[],
    readonly layer: string,
  ) {
    super(assembler);
    this.attributes = new NodeAttributes(node.attributes);
  }

  /** @throws UnsupportedError where it is absent. */
  input(index: number): LoweredValue {
    const value = this.inputs[index];
    if (value !== undefined) return value;
    throw this.unsupported(`no input ${index}`, 'a node with its inputs');
  }

  /** An input that says sizes or axes. @throws UnsupportedError where it is computed from data. */
  host(index: number): HostValue {
    const host = hostOf(this.input(index));
    if (host !== null) return host;
    throw this.unsupported(`input ${index} computed from data`, 'one that is known beforehand');
  }

  /** As {@link host}, with every element known. */
  numbers(index: number): readonly number[] {
    const host = this.host(index);
    if (isKnown(host)) return host.elements;
    throw this.unsupported(`input ${index} that depends on open sizes`, 'sizes that are given');
  }

  number(index: number): number {
    const [only, ...more] = this.numbers(index);
    if (only !== undefined && more.length === 0) return only;
    throw this.unsupported(`input ${index} of several elements`, 'one element');
  }

  /** Adds a node, or computes it. @returns its first output */
  emit(operator: Operator, ...inputs: readonly (LoweredValue | null)[]): LoweredValue {
    const [first] = this.emitAll(operator, inputs);
    if (first !== undefined) return first;
    throw this.unsupported('no outputs', 'one or more');
  }

  emitAll(operator: Operator, inputs: readonly (LoweredValue | null)[]): readonly LoweredValue[] {
    const { name } = this.node;
    const id = this.emitted === 0 ? name : `${name}/${operator.kind}`;
    this.emitted++;
    return this.assembler.emit(operator, inputs, { id, layer: this.layer });
  }

  merge(mode: MergeOperator['mode'], ...inputs: readonly LoweredValue[]): LoweredValue {
    return this.emit({ kind: 'merge', mode, alignment: 'leading' }, ...inputs);
  }

  activate(activation: ActivationFunction, value: LoweredValue): LoweredValue {
    return this.emit({ kind: 'activation', function: activation }, value);
  }

  /** In another shape; null for sizes that are open. */
  reshape(x: LoweredValue, target: readonly HostElement[]): LoweredValue {
    if (x.kind === 'uniform') return { ...x, shape: target };
    const shape = openReshape(target, this.shape(x), false);
    if (shape !== null) return this.emit({ kind: 'reshape', shape }, x);
    throw this.unsupported('a shape with several open sizes', 'sizes that are given');
  }

  /** As {@link reshape}, to sizes of which the open ones are -1. */
  withSizes(x: LoweredValue, sizes: readonly number[]): LoweredValue {
    return this.reshape(
      x,
      sizes.map((size) => (size < 0 ? null : size)),
    );
  }

  expandDims(x: LoweredValue, axis: number): LoweredValue {
    const shape = this.shape(x);
    return this.withSizes(x, shape.toSpliced(this.axis(axis, shape.length + 1), 0, 1));
  }

  unsupported(found: string, supported: string): UnsupportedError {
    return new UnsupportedError({ feature: this.node.op, found, supported });
  }
}
