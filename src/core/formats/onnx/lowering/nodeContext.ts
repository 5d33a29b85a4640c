import { UnsupportedError } from '../../../errors';
import type { ElementType } from '../../../graph/graph';
import { hostCount, hostVector, type HostValue, isKnown } from '../../../graph/lowering/hostValue';
import {
  hostOf,
  hostResult,
  type LoweredTensor,
  type LoweredValue,
} from '../../../graph/lowering/loweredValue';
import type { LoweringAssembler } from '../../../graph/lowering/loweringAssembler';
import { LoweringNode } from '../../../graph/lowering/loweringNode';
import type { ActivationFunction, UnaryFunction } from '../../../graph/operators/activation';
import type { MergeOperator } from '../../../graph/operators/elementwise';
import type { Operator } from '../../../graph/operators/operator';
import type { ReduceOperator } from '../../../graph/operators/reduction';
import type { TensorEntry } from '../../../model/model';
import type { CodeScale } from '../constants';
import type { OnnxAttribute, OnnxNode, OnnxSparseTensor, OnnxTensor } from '../messages';

/** What nodes share while one graph is lowered. */
export interface LoweringSurroundings {
  readonly assembler: LoweringAssembler;
  /** What tensor messages of the file became. */
  readonly tensors: ReadonlyMap<OnnxTensor | OnnxSparseTensor, TensorEntry>;
  /** Elements of small tensors, also of those in attributes. */
  readonly small: ReadonlyMap<OnnxTensor | OnnxSparseTensor, HostValue>;
  /** How tensors of integer codes become numbers, by tensor name. */
  readonly codes: ReadonlyMap<string, CodeScale>;
  /** Value ids that are a two-dimensional tensor of the file, turned round. */
  readonly transposed: Map<string, LoweredTensor>;
}

/** A node with its inputs and attributes resolved. */
export interface ResolvedNode {
  readonly node: OnnxNode;
  /** Null for an optional one that is absent. */
  readonly inputs: readonly (LoweredValue | null)[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  /** Version of the standard operators. */
  readonly opset: number;
  readonly layer: string;
}

/** One node while it is lowered: its inputs and attributes, and the ways to write operators for it. */
export class NodeContext extends LoweringNode {
  readonly opset: number;
  private readonly id: string;
  private emitted = 0;

  constructor(
    readonly around: LoweringSurroundings,
    private readonly resolved: ResolvedNode,
  ) {
    super(around.assembler);
    const { name, outputs, opType } = resolved.node;
    this.id = name === '' ? (outputs.find((output) => output !== '') ?? opType) : name;
    this.opset = resolved.opset;
  }

  get opType(): string {
    return this.resolved.node.opType;
  }

  get layer(): string {
    return this.resolved.layer;
  }

  get inputCount(): number {
    return this.resolved.inputs.length;
  }

  get outputCount(): number {
    return this.resolved.node.outputs.length;
  }

  /** Whether something may read that output. */
  hasOutput(index: number): boolean {
    return (this.resolved.node.outputs[index] ?? '') !== '';
  }

  /** @throws UnsupportedError where it is absent. */
  input(index: number): LoweredValue {
    const value = this.optional(index);
    if (value !== null) return value;
    throw this.unsupported(`no input ${index}`, 'a node with its inputs');
  }

  optional(index: number): LoweredValue | null {
    return this.resolved.inputs[index] ?? null;
  }

  inputs(): readonly LoweredValue[] {
    return this.resolved.inputs.filter((value) => value !== null);
  }

  /** An input that says sizes or axes; null where it is absent. @throws UnsupportedError where it is computed from data. */
  host(index: number): HostValue | null {
    const value = this.optional(index);
    if (value === null) return null;
    const host = hostOf(value);
    if (host !== null) return host;
    throw this.unsupported(`input ${index} computed from data`, 'one that is known beforehand');
  }

  /** As {@link host}, with every element known. */
  numbers(index: number): readonly number[] | null {
    const host = this.host(index);
    if (host === null) return null;
    if (isKnown(host)) return host.elements;
    throw this.unsupported(`input ${index} that depends on open sizes`, 'sizes that are given');
  }

  /** A single number; null where the input is absent. */
  number(index: number): number | null {
    const numbers = this.numbers(index);
    if (numbers === null) return null;
    const [only] = numbers;
    if (only !== undefined && numbers.length === 1) return only;
    throw this.unsupported(`input ${index} of ${numbers.length} elements`, 'one element');
  }

  int(name: string, otherwise: number): number {
    return this.attribute(name)?.int ?? otherwise;
  }

  /** As {@link int}, of something that there is one of at least. */
  count(name: string, otherwise: number): number {
    const count = this.int(name, otherwise);
    if (count >= 1) return count;
    throw this.unsupported(`${name} ${count}`, 'one or more');
  }

  /** Whole numbers from 0 on. @throws FormatError where there are more than can be computed with. */
  range(length: number): readonly number[] {
    const count = hostCount([length], this.around.assembler.misfit(this.layer));
    return Array.from({ length: count }, (_, i) => i);
  }

  float(name: string, otherwise: number): number {
    return this.attribute(name)?.float ?? otherwise;
  }

  text(name: string, otherwise: string): string {
    return this.attribute(name)?.text ?? otherwise;
  }

  ints(name: string): readonly number[] | null {
    return this.attribute(name)?.ints ?? null;
  }

  floats(name: string): readonly number[] | null {
    return this.attribute(name)?.floats ?? null;
  }

  texts(name: string): readonly string[] | null {
    return this.attribute(name)?.texts ?? null;
  }

  /** @throws UnsupportedError for one whose list is longer than a shape. */
  attribute(name: string): OnnxAttribute | null {
    const attribute = this.resolved.attributes.get(name) ?? null;
    if (attribute?.isCut !== true) return attribute;
    throw this.unsupported(`a long list in attribute ${name}`, 'lists as long as shapes');
  }

  /** Adds a node, or computes it. @returns its first output */
  emit(operator: Operator, ...inputs: readonly (LoweredValue | null)[]): LoweredValue {
    const [first] = this.emitAll(operator, inputs);
    if (first !== undefined) return first;
    throw this.unsupported('no outputs', 'one or more');
  }

  /** As {@link emit}, with all outputs. */
  emitAll(operator: Operator, inputs: readonly (LoweredValue | null)[]): readonly LoweredValue[] {
    const id = this.emitted === 0 ? this.id : `${this.id}/${operator.kind}`;
    this.emitted++;
    return this.around.assembler.emit(operator, inputs, { id, layer: this.layer });
  }

  merge(mode: MergeOperator['mode'], ...inputs: readonly LoweredValue[]): LoweredValue {
    return this.emit({ kind: 'merge', mode, alignment: 'leading' }, ...inputs);
  }

  unary(name: UnaryFunction, x: LoweredValue): LoweredValue {
    return this.emit({ kind: 'unary', function: name }, x);
  }

  activation(activation: ActivationFunction, x: LoweredValue): LoweredValue {
    return this.emit({ kind: 'activation', function: activation }, x);
  }

  reshape(x: LoweredValue, shape: readonly number[]): LoweredValue {
    return this.emit({ kind: 'reshape', shape }, x);
  }

  transpose(x: LoweredValue, permutation: readonly number[]): LoweredValue {
    if (permutation.every((axis, i) => axis === i)) return x;
    return this.emit({ kind: 'transpose', permutation }, x);
  }

  reduce(
    mode: ReduceOperator['mode'],
    x: LoweredValue,
    axes: readonly number[] | null,
    keepDims = true,
  ): LoweredValue {
    return this.emit({ kind: 'reduce', mode, axes, keepDims }, x);
  }

  /** The value itself where it has that type already. */
  cast(x: LoweredValue, to: ElementType): LoweredValue {
    return this.facts(x).type === to ? x : this.emit({ kind: 'cast', to }, x);
  }

  scalar(element: number, type: ElementType = 'float32'): LoweredValue {
    return this.around.assembler.scalar(element, type);
  }

  vector(elements: readonly number[], type: ElementType = 'int32'): LoweredValue {
    return hostResult(hostVector(elements, type));
  }

  unsupported(found: string, supported: string): UnsupportedError {
    return new UnsupportedError({ feature: `ONNX ${this.opType}`, found, supported });
  }
}
