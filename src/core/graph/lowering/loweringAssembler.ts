import { FormatError } from '../../errors';
import type { ElementType } from '../graph';
import { GraphAssembler, type NodeSource } from '../graphAssembler';
import type { UnaryFunction } from '../operators/activation';
import type { Operator } from '../operators/operator';
import { inferOutputs } from '../shapes/inferOutputs';
import type { Misfit, ValueFacts } from '../shapes/valueFacts';
import { evaluateOnHost } from './evaluateOnHost';
import {
  graphValue,
  hostOf,
  hostResult,
  type LoweredValue,
  type UniformValue,
} from './loweredValue';
import { hostCount, type HostValue, isKnown } from './hostValue';
import { MAX_FILL_ELEMENTS, MAX_HOST_WORK } from './limits';

/**
 * Writes a graph of lowered values: an operator whose inputs are all known is computed at once, and
 * what is known becomes a constant only where a node needs it as data.
 */
export class LoweringAssembler {
  readonly graph: GraphAssembler;
  private work = 0;

  /** @param format named in errors */
  constructor(private readonly format: string) {
    this.graph = new GraphAssembler(format);
  }

  /**
   * Adds a node, or computes what it would give.
   * @returns its outputs in the operator's order
   * @throws FormatError where the inputs do not fit the operator, or depend on open sizes.
   */
  emit(
    operator: Operator,
    inputs: readonly (LoweredValue | null)[],
    source: NodeSource,
  ): readonly LoweredValue[] {
    const folded = this.fold(operator, inputs, source.layer);
    if (folded !== null) return folded.map(hostResult);
    const uniform = this.rearrange(operator, inputs, source.layer);
    if (uniform !== null) return uniform;
    const read = inputs.map((input) => (input === null ? null : this.data(input, source.layer)));
    return this.graph
      .emit(operator, read, source)
      .flatMap((output) => (output === null ? [] : [graphValue(output)]));
  }

  /**
   * The id of a value that nodes can read.
   * @throws FormatError where the value depends on sizes that are open.
   */
  data(value: LoweredValue, layer: string): string {
    switch (value.kind) {
      case 'graph':
        return value.value;
      case 'tensor':
        return this.graph.parameter(value.tensor, value.type, value.asCodes);
      case 'uniform':
        return this.filled(value, layer);
      case 'host': {
        const { host } = value;
        if (isKnown(host)) return this.graph.constant(host.elements, host.shape, host.type);
        throw this.misfit(layer)('an array that depends on open sizes', 'sizes that are given');
      }
    }
  }

  /** Shape and type; null where they are not known, as behind an opaque operator. */
  facts(value: LoweredValue): ValueFacts | null {
    switch (value.kind) {
      case 'graph':
        return this.graph.facts(value.value);
      case 'tensor':
        return { shape: value.tensor.shape, type: value.type };
      case 'host':
        return value.host;
      case 'uniform':
        return { shape: value.shape.map((size) => size ?? -1), type: value.type };
    }
  }

  /** Errors about one layer. */
  misfit(layer: string): Misfit {
    const place = `layer ${layer}`;
    return (found, allowed) => new FormatError({ format: this.format, place, found, allowed });
  }

  /** One value everywhere: written out where it is small, otherwise kept as what it is. */
  uniform(value: Omit<UniformValue, 'kind'>, layer: string): LoweredValue {
    const { shape, type, element } = value;
    const known = shape.filter((size) => size !== null);
    if (known.some((size) => size < 0)) {
      throw this.misfit(layer)(`an array of shape [${known.join(', ')}]`, 'sizes from 0 on');
    }
    const count = known.reduce((product, size) => product * size, 1);
    if (known.length < shape.length || count > SMALL_FILL) return { kind: 'uniform', ...value };
    const total = hostCount(known, this.misfit(layer));
    this.spend(total, layer);
    return hostResult({ shape: known, type, elements: new Array<number>(total).fill(element) });
  }

  /**
   * Parameters stay what they are, so that they can be learned: floats of the file are computed with only
   * beside what was computed before, or where an operator lets no gradient through to them.
   */
  private fold(
    operator: Operator,
    inputs: readonly (LoweredValue | null)[],
    layer: string,
  ): readonly HostValue[] | null {
    const given = inputs.filter((input) => input !== null);
    const hosts = given.flatMap((input) => hostOf(input) ?? []);
    if (given.length === 0 || hosts.length < given.length) return null;
    const isComputed = given.some(({ kind }) => kind === 'host');
    const isLearned = !isComputed && hosts.some(({ type }) => type === 'float32');
    if (isLearned && !stopsGradients(operator)) return null;
    const made = evaluateOnHost(operator, hosts, this.misfit(layer));
    const elements = made?.reduce((sum, one) => sum + one.elements.length, 0) ?? 0;
    this.spend(elements, layer);
    return made;
  }

  /** What only moves elements about changes nothing of an array that is the same everywhere. */
  private rearrange(
    operator: Operator,
    inputs: readonly (LoweredValue | null)[],
    layer: string,
  ): readonly LoweredValue[] | null {
    const [first] = inputs;
    if (first?.kind !== 'uniform' || !REARRANGING.has(operator.kind)) return null;
    const facts = inputs.map((input) => (input === null ? null : this.facts(input)));
    if (facts.includes(null)) return null;
    const { type, element } = first;
    return (inferOutputs(operator, facts, this.misfit(layer)) ?? []).map((output) =>
      this.uniform(
        { shape: output.shape.map((size) => (size < 0 ? null : size)), type, element },
        layer,
      ),
    );
  }

  private spend(elements: number, layer: string): void {
    this.work += elements;
    if (this.work <= MAX_HOST_WORK) return;
    throw this.misfit(layer)(`more than ${MAX_HOST_WORK} computed sizes`, 'fewer');
  }

  private filled({ shape, type, element }: UniformValue, layer: string): string {
    const known = shape.filter((size) => size !== null);
    if (known.length < shape.length) {
      throw this.misfit(layer)('an array of open sizes', 'sizes that are given');
    }
    const count = known.reduce((product, size) => product * size, 1);
    if (!(count <= MAX_FILL_ELEMENTS)) {
      throw this.misfit(layer)(`an array of ${count} elements`, `at most ${MAX_FILL_ELEMENTS}`);
    }
    return this.graph.emitOne({ kind: 'fill', shape: known, value: element, type }, [], {
      id: `${layer}/fill`,
      layer,
    });
  }

  /** A one-element constant. */
  scalar(element: number, type: ElementType = 'float32'): LoweredValue {
    return hostResult({ shape: [], type, elements: [element] });
  }
}

const REARRANGING: ReadonlySet<Operator['kind']> = new Set<Operator['kind']>([
  'expand',
  'flatten',
  'gather',
  'identity',
  'reshape',
  'slice',
  'split',
  'tile',
  'transpose',
]);

/** Roundings, as sizes that a file says in floats pass through. */
function stopsGradients(operator: Operator): boolean {
  if (operator.kind === 'cast') return operator.to !== 'float32';
  return operator.kind === 'unary' && ROUNDINGS.has(operator.function);
}

const ROUNDINGS: ReadonlySet<UnaryFunction> = new Set<UnaryFunction>(['ceil', 'floor', 'round']);

/** Elements up to which a filled array is written out. */
const SMALL_FILL = 1024;
