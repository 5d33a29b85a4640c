import { UnsupportedError } from '../errors';
import type { ElementType } from './graph';
import type { GraphAssembler } from './graphAssembler';
import type { CompareOperator, MergeOperator } from './operators/elementwise';
import type { ActivationFunction, UnaryFunction } from './operators/activation';
import type { Operator } from './operators/operator';
import type { ReduceOperator } from './operators/reduction';

/**
 * Writes the nodes that one layer of a file becomes: the first goes by the layer's name, the others by
 * the first and what they do. Binary operations broadcast as in NumPy.
 */
export class NodeWriter {
  private base: string | null = null;

  constructor(
    protected readonly assembler: GraphAssembler,
    readonly layerName: string,
  ) {}

  /** The sizes of a value. @throws UnsupportedError where they are not known. */
  shape(value: string): readonly number[] {
    const facts = this.assembler.facts(value);
    if (facts !== null) return facts.shape;
    throw new UnsupportedError({
      feature: `layer ${this.layerName}`,
      found: 'an input of unknown shape',
      supported: 'inputs whose axes are known',
    });
  }

  rank(value: string): number {
    return this.shape(value).length;
  }

  type(value: string): ElementType {
    return this.assembler.facts(value)?.type ?? 'float32';
  }

  /** A node with one output. @returns its value */
  emit(operator: Operator, inputs: readonly (string | null)[]): string {
    return this.emitAll(operator, inputs)[0] ?? this.layerName;
  }

  /** A node with several outputs. */
  emitAll(
    operator: Operator,
    inputs: readonly (string | null)[],
    outputCount = 1,
  ): readonly string[] {
    const id = this.base === null ? this.layerName : `${this.base}/${nameOf(operator)}`;
    const source = { id, layer: this.layerName, outputCount };
    const outputs = this.assembler.emit(operator, inputs, source).filter((one) => one !== null);
    this.base ??= outputs[0] ?? id;
    return outputs;
  }

  constant(
    values: readonly number[],
    shape: readonly number[],
    type: ElementType = 'float32',
  ): string {
    return this.assembler.constant(values, shape, type);
  }

  scalar(value: number, type: ElementType = 'float32'): string {
    return this.constant([value], [], type);
  }

  /** @param shape 0 keeps the size of that axis */
  reshape(value: string, shape: readonly number[]): string {
    return this.emit({ kind: 'reshape', shape }, [value]);
  }

  transpose(value: string, permutation: readonly number[]): string {
    if (permutation.every((axis, i) => axis === i)) return value;
    return this.emit({ kind: 'transpose', permutation }, [value]);
  }

  merge(mode: MergeOperator['mode'], ...inputs: readonly string[]): string {
    return this.emit({ kind: 'merge', mode, alignment: 'leading' }, inputs);
  }

  compare(mode: CompareOperator['mode'], a: string, b: string): string {
    return this.emit({ kind: 'compare', mode }, [a, b]);
  }

  unary(name: UnaryFunction, value: string): string {
    return this.emit({ kind: 'unary', function: name }, [value]);
  }

  activate(activation: ActivationFunction, value: string): string {
    return this.emit({ kind: 'activation', function: activation }, [value]);
  }

  and(a: string, b: string): string {
    return this.emit({ kind: 'logical', mode: 'and' }, [a, b]);
  }

  select(condition: string, whenTrue: string, whenFalse: string): string {
    return this.emit({ kind: 'select' }, [condition, whenTrue, whenFalse]);
  }

  /** True at every place of a value, also where its size is open. */
  everywhere(value: string): string {
    const isNaN = this.unary('isNaN', this.cast(value, 'float32'));
    return this.emit({ kind: 'logical', mode: 'or' }, [isNaN, this.unary('not', isNaN)]);
  }

  cast(value: string, to: ElementType): string {
    if (this.assembler.facts(value)?.type === to) return value;
    return this.emit({ kind: 'cast', to }, [value]);
  }

  reduce(
    mode: ReduceOperator['mode'],
    value: string,
    axes: readonly number[] | null,
    keepDims = false,
  ): string {
    return this.emit({ kind: 'reduce', mode, axes, keepDims }, [value]);
  }

  reverse(value: string, axis: number): string {
    return this.emit({ kind: 'reverse', axes: [axis] }, [value]);
  }

  concatenate(values: readonly string[], axis: number): string {
    return this.emit({ kind: 'concatenate', axis }, values);
  }

  matMul(a: string, b: string, transposeA = false, transposeB = false): string {
    return this.emit({ kind: 'matMul', transposeA, transposeB }, [a, b]);
  }

  /** A new axis of length 1; at most one other size may be open behind it. */
  expandDims(value: string, axis: number): string {
    const shape = this.shape(value);
    const at = axis < 0 ? axis + shape.length + 1 : axis;
    return this.reshapeTo(value, shape.toSpliced(at, 0, 1));
  }

  /** Without an axis of length 1. */
  squeeze(value: string, axes: readonly number[]): string {
    const shape = this.shape(value);
    const gone = new Set(axes.map((axis) => (axis < 0 ? axis + shape.length : axis)));
    return this.reshapeTo(
      value,
      shape.filter((_, axis) => !gone.has(axis)),
    );
  }

  /**
   * To another shape with the same elements, in which open sizes are -1: those that stand at the same axis
   * are kept, and one more may be told by the rest.
   * @param mostKept of how many axes from the first on the open ones may be those of the value
   * @throws UnsupportedError where more sizes are open than a reshape can tell.
   */
  reshapeTo(value: string, shape: readonly number[], mostKept = shape.length): string {
    const from = this.shape(value);
    const isKept = (axis: number): boolean =>
      axis < mostKept &&
      from[axis] === -1 &&
      from.slice(0, axis).every((size, i) => size === shape[i]);
    const wanted = shape.map((size, axis) => (size === -1 && isKept(axis) ? 0 : size));
    if (wanted.filter((size) => size === -1).length > 1) {
      throw new UnsupportedError({
        feature: `layer ${this.layerName}`,
        found: 'several sizes that are known only with the data',
        supported: 'one such size beside the batch',
      });
    }
    return this.reshape(value, wanted);
  }
}

function nameOf(operator: Operator): string {
  return operator.kind === 'opaque' ? operator.name : operator.kind;
}
