import { UnsupportedError } from '../../errors';
import type { ElementType } from '../../graph/graph';
import type { GraphAssembler } from '../../graph/graphAssembler';
import type { KerasGeneration } from '../../graph/kerasActivations';
import type { Operator } from '../../graph/operators/operator';
import { NodeWriter } from '../../graph/nodeWriter';
import type { TensorEntry } from '../../model/model';
import { type ConfigFields, malformed } from './configFields';
import { type CallArgument, type CallArguments, tensorsIn, tensorsOf } from './inboundNodes';
import type { LayerWeights } from './layerWeights';
import { type NumberArray, readNumbers } from './readNumbers';

/** What a layer is made of: its configuration, and where its variables are. */
export interface LayerSource {
  readonly className: string;
  readonly name: string;
  readonly config: ConfigFields;
  readonly weights: LayerWeights;
  readonly generation: KerasGeneration;
  /** Called for a layer inside this one: writes it out and returns its outputs. */
  readonly callInner: (
    inner: unknown,
    weights: LayerWeights,
    call: CallArguments<string>,
  ) => readonly string[];
}

/** Writes a layer's nodes at one of its calls. @returns its outputs, one or several */
export type LayerFunction = (layer: LayerContext) => string | readonly string[];

/** Arguments that say nothing of what a layer computes at inference, or that masks already say. */
const IGNORED: ReadonlySet<string> = new Set(['training', 'mask', 'name']);

/** One call of a layer: what it is called with, and the nodes that it is written as. */
export class LayerContext extends NodeWriter {
  private readonly read = new Set<string>();

  /** @param masks by value: the mask that goes with it, bool [batch, time] */
  constructor(
    readonly source: LayerSource,
    readonly call: CallArguments<string>,
    assembler: GraphAssembler,
    private readonly masks: Map<string, string>,
  ) {
    super(assembler, source.name);
  }

  /** The same call with other arguments. */
  withArguments(call: CallArguments<string>): LayerContext {
    for (const name of this.call.named.keys()) this.read.add(name);
    return new LayerContext(this.source, call, this.assembler, this.masks);
  }

  get config(): ConfigFields {
    return this.source.config;
  }

  get weights(): LayerWeights {
    return this.source.weights;
  }

  /** All tensors among the positional arguments. */
  get inputs(): readonly string[] {
    return this.call.positional.flatMap(tensorsIn);
  }

  /**
   * The only input.
   * @throws FormatError where there are none or several.
   */
  get x(): string {
    const [x] = this.assertInputCount(1, 1);
    return x;
  }

  /** @throws FormatError where there are fewer or more inputs. */
  assertInputCount(least: number, most = Infinity): readonly [string, ...string[]] {
    const { inputs } = this;
    const [first, ...rest] = inputs;
    if (first !== undefined && inputs.length >= least && inputs.length <= most) {
      return [first, ...rest];
    }
    const allowed = most === least ? String(least) : `${least} or more`;
    const place = `layer ${this.source.name}: inbound_nodes`;
    throw malformed(place, `${inputs.length} inputs`, allowed);
  }

  /** An argument by its place or its name; undefined where it is absent or null. */
  argument(position: number | null, name: string): CallArgument<string> | undefined {
    this.read.add(name);
    const at = position === null ? undefined : this.call.positional[position];
    const found = this.call.named.get(name) ?? at;
    const isNull =
      found?.kind === 'constant' && (found.value === null || found.value === undefined);
    return isNull ? undefined : found;
  }

  /** An argument that is a tensor; null where it is absent. */
  tensor(position: number | null, name: string): string | null {
    const argument = this.argument(position, name);
    if (argument === undefined) return null;
    if (argument.kind === 'tensor') return argument.tensor;
    throw this.unsupported(`a constant as ${name}`, 'a tensor');
  }

  /** Whether an argument is given as true. */
  flag(name: string): boolean {
    const argument = this.argument(null, name);
    return argument?.kind === 'constant' && argument.value === true;
  }

  /** @throws UnsupportedError where a tensor was given for an argument that the layer did not look at. */
  assertArgumentsRead(): void {
    for (const [name, argument] of this.call.named) {
      if (IGNORED.has(name) || this.read.has(name) || tensorsIn(argument).length === 0) continue;
      throw this.unsupported(`a tensor as ${name}`, 'other arguments');
    }
  }

  /** @throws UnsupportedError where a number stands among the inputs, which layers do not take. */
  assertNoNumbers(): void {
    const hasNumber = (argument: CallArgument<string>): boolean =>
      argument.kind === 'list'
        ? argument.items.some(hasNumber)
        : argument.kind === 'constant' && typeof argument.value === 'number';
    if (this.call.positional.some(hasNumber)) {
      throw this.unsupported('a number as input', 'tensors');
    }
  }

  /** A variable of the layer as a value. */
  parameter(tensor: TensorEntry, type: ElementType = 'float32'): string {
    return this.assembler.parameter(tensor, type);
  }

  /** The mask of a value: given with the call, or what came along with the value; null where there is none. */
  maskOf(value: string, position = 0): string | null {
    const given = this.call.named.get('mask');
    const masks = given === undefined ? [] : tensorsIn(given);
    const own = given?.kind === 'list' ? given.items[position] : position === 0 ? given : undefined;
    if (masks.length > 0 && own?.kind === 'tensor') return own.tensor;
    return this.masks.get(value) ?? null;
  }

  /**
   * The mask that a layer called with states works by. Keras 3 hands on what came along with the input only where
   * that is the one tensor of the call.
   * Source: step 6 of Layer.__call__ of Keras 3.15.
   */
  maskBeside(value: string, states: readonly string[]): string | null {
    const isAlone = states.length === 0 || this.source.generation !== 3;
    return isAlone || this.call.named.has('mask') ? this.maskOf(value) : null;
  }

  /** Says which mask goes with a value; null takes it away. */
  setMask(value: string, mask: string | null): void {
    if (mask === null) this.masks.delete(value);
    else this.masks.set(value, mask);
  }

  /** Writes out another layer on values, as a part of this one. */
  callInner(inner: unknown, weights: LayerWeights, call: CallArguments<string>): readonly string[] {
    return this.source.callInner(inner, weights, call);
  }

  /** All tensors that the call reads, for layers that are not known. */
  get everyTensor(): readonly string[] {
    return tensorsOf(this.call);
  }

  /**
   * Numbers that stand in the configuration: one, a nested list, or an array as Keras writes it.
   * @throws FormatError where they are none, too many, or rows of several lengths.
   */
  numbers(value: unknown, field: string): NumberArray {
    const numbers = readNumbers(value);
    if (numbers !== null) return numbers;
    throw this.config.bad(field, 'numbers, in lists of one length');
  }

  unsupported(found: string, supported: string): UnsupportedError {
    const feature = `${this.source.className} ${this.source.name}`;
    return new UnsupportedError({ feature, found, supported });
  }

  /**
   * The layer as a node outside the set.
   * @param outputCount how many outputs it has, so that references to them hold
   */
  opaque(operator: Extract<Operator, { kind: 'opaque' }>, outputCount = 1): readonly string[] {
    return this.emitAll(operator, this.everyTensor, outputCount);
  }
}
