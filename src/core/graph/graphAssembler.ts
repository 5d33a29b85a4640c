import { FormatError } from '../errors';
import {
  type ElementType,
  type Graph,
  type GraphConstant,
  type GraphInput,
  type GraphNode,
  type GraphParameter,
  parameterValue,
} from './graph';
import type { Operator } from './operators/operator';
import { inferOutputs } from './shapes/inferOutputs';
import type { ValueFacts } from './shapes/valueFacts';

/** Where a node comes from, and what its values are called. */
export interface NodeSource {
  /** The node's name in the source; made unique. */
  readonly id: string;
  readonly layer: string;
  /** Ids of the outputs; without them they are called after the node. */
  readonly outputs?: readonly (string | null)[];
  /** How many outputs an opaque operator has, where their ids are not given; 1 without it. */
  readonly outputCount?: number;
}

/**
 * Writes a graph node by node and keeps what is known of each value, so that what follows can be told by
 * shape and type.
 */
export class GraphAssembler {
  private readonly inputs: GraphInput[] = [];
  private readonly parameters = new Map<string, GraphParameter>();
  private readonly constants = new Map<string, GraphConstant>();
  private readonly nodes: GraphNode[] = [];
  private readonly known = new Map<string, ValueFacts>();
  private readonly ids = new Set<string>();
  /** By wanted name: the number of its next use, so that claiming stays linear. */
  private readonly uses = new Map<string, number>();

  /** @param format named in errors */
  constructor(private readonly format: string) {}

  /** How many nodes there are so far. */
  get nodeCount(): number {
    return this.nodes.length;
  }

  /**
   * Adds an input of the graph.
   * @param hasShape false where the source does not even say how many axes there are
   * @returns its value
   */
  input(input: GraphInput, hasShape = true): string {
    this.inputs.push(input);
    if (hasShape) this.known.set(input.value, input);
    return input.value;
  }

  /**
   * A tensor of the file as a value, the same at every call.
   * @param asCodes where the graph itself turns the tensor's codes into numbers
   */
  parameter(
    tensor: { readonly name: string; readonly shape: readonly number[] },
    type: ElementType,
    asCodes = false,
  ): string {
    const value = asCodes ? `${parameterValue(tensor.name)}#codes` : parameterValue(tensor.name);
    this.parameters.set(value, { value, tensor: tensor.name, type, asCodes });
    this.known.set(value, { shape: tensor.shape, type });
    return value;
  }

  /** A small array of the graph's own. @returns its value */
  constant(values: readonly number[], shape: readonly number[], type: ElementType): string {
    const value = this.claimId('constant');
    this.constants.set(value, { value, shape, type, values });
    this.known.set(value, { shape, type });
    return value;
  }

  /**
   * Adds a node.
   * @returns ids of its outputs; of an opaque operator as many as the source says, otherwise all
   * @throws FormatError where the inputs do not fit the operator.
   */
  emit(
    operator: Operator,
    inputs: readonly (string | null)[],
    source: NodeSource,
  ): readonly (string | null)[] {
    const facts = this.inferFacts(operator, inputs, source.layer);
    const id = this.claimId(source.id);
    const count = facts?.length ?? source.outputs?.length ?? source.outputCount ?? 1;
    const own = Array.from({ length: count }, (_, i) =>
      i === 0 ? id : this.claimId(`${id}:${i}`),
    );
    const given = source.outputs;
    const outputs = given === undefined ? own : own.map((_, i) => given[i] ?? null);
    outputs.forEach((output, i) => {
      const known = facts?.[i];
      if (output !== null && known !== undefined) this.known.set(output, known);
    });
    this.nodes.push({ id, layer: source.layer, operator, inputs, outputs });
    return outputs;
  }

  /** The first output of a node added by {@link emit}. */
  emitOne(
    operator: Operator,
    inputs: readonly (string | null)[],
    source: Omit<NodeSource, 'outputs'> & { readonly output?: string },
  ): string {
    const { id, layer, output } = source;
    const named = output === undefined ? { id, layer } : { id, layer, outputs: [output] };
    return this.emit(operator, inputs, named)[0] ?? id;
  }

  /** Shape and type of a value; null where they are not known, as behind an opaque operator. */
  facts(value: string): ValueFacts | null {
    return this.known.get(value) ?? null;
  }

  /** Says what is known from elsewhere of a value whose operator does not tell. */
  tell(value: string, facts: ValueFacts): void {
    if (!this.known.has(value)) this.known.set(value, facts);
  }

  /** The graph of what was added, without what its outputs do not need. */
  finish(outputs: Graph['outputs']): Graph {
    const needed = new Set<string | null>(outputs.map(({ value }) => value));
    const nodes = this.nodes.toReversed().filter((node) => {
      if (!node.outputs.some((output) => output !== null && needed.has(output))) return false;
      for (const input of node.inputs) needed.add(input);
      return true;
    });
    return {
      inputs: this.inputs,
      outputs,
      parameters: [...this.parameters.values()].filter(({ value }) => needed.has(value)),
      constants: [...this.constants.values()].filter(({ value }) => needed.has(value)),
      nodes: nodes.reverse(),
    };
  }

  /** An id that nothing else has: `wanted`, or with the number of its use. */
  claimId(wanted: string): string {
    // Values of tensors begin like this, and are not claimed.
    const base = wanted.startsWith('%') ? `node ${wanted}` : wanted;
    let id = base;
    let use = this.uses.get(base) ?? 2;
    for (; this.ids.has(id); use++) id = `${base}@${use}`;
    this.uses.set(base, use);
    this.ids.add(id);
    return id;
  }

  private inferFacts(
    operator: Operator,
    inputs: readonly (string | null)[],
    layer: string,
  ): readonly ValueFacts[] | null {
    const facts = inputs.map((input) => (input === null ? null : this.facts(input)));
    if (inputs.some((input, i) => input !== null && facts[i] === null)) return null;
    return inferOutputs(
      operator,
      facts,
      (found, allowed) =>
        new FormatError({ format: this.format, place: `layer ${layer}`, found, allowed }),
    );
  }
}
