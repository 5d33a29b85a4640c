import type { TensorEntry } from '../../model/model';
import type { Scope } from './constants';
import type { OnnxGraph, OnnxNode } from './messages';

/** Which nodes of one graph read and make a value; looked at when it is first asked for. */
export class Consumers {
  private readers: Map<string, OnnxNode[]> | null = null;
  private makers: Map<string, OnnxNode> | null = null;

  constructor(private readonly graph: OnnxGraph) {}

  /** The only node that reads a value; undefined where several or none do. */
  onlyReaderOf(name: string): OnnxNode | undefined {
    this.readers ??= readersIn(this.graph);
    const readers = this.readers.get(name) ?? [];
    return readers.length === 1 ? readers[0] : undefined;
  }

  makerOf(name: string): OnnxNode | undefined {
    this.makers ??= new Map(
      this.graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)),
    );
    return this.makers.get(name);
  }
}

function readersIn(graph: OnnxGraph): Map<string, OnnxNode[]> {
  const readersOf = new Map<string, OnnxNode[]>();
  for (const node of graph.nodes) {
    for (const name of node.inputs) {
      const readers = readersOf.get(name);
      if (readers === undefined) readersOf.set(name, [node]);
      else readers.push(node);
    }
  }
  return readersOf;
}

interface Surroundings {
  readonly scope: Scope;
  readonly consumers: Consumers;
}

/** Between a product and what belongs to it there are a cast and a scaling at most. */
const MAX_STEPS = 3;

/** The constant vector that is added to a product, one value a unit. */
export function biasAfter(
  product: OnnxNode,
  { scope, consumers, unitCount }: Surroundings & { readonly unitCount: number },
): TensorEntry | undefined {
  for (const { node, other } of chainAfter(product, consumers, ['Cast', 'Mul', 'Add'])) {
    if (node.opType !== 'Add') continue;
    const bias = scope.find(other)?.tensor;
    return bias?.shape.length === 1 && bias.shape[0] === unitCount ? bias : undefined;
  }
  return undefined;
}

/**
 * The constant that scales an integer product: a factor by itself, or multiplied with the scale that the
 * activations have got at run time.
 */
export function scaleAfter(
  product: OnnxNode,
  { scope, consumers }: Surroundings,
): TensorEntry | null {
  for (const { node, other } of chainAfter(product, consumers, ['Cast', 'Mul'])) {
    if (node.opType !== 'Mul') continue;
    const direct = scope.find(other);
    if (direct !== undefined) return direct.tensor;
    const factors = consumers.makerOf(other);
    if (factors?.opType !== 'Mul') return null;
    const constants = factors.inputs.flatMap((name) => scope.find(name) ?? []);
    return constants.length === 1 ? (constants[0]?.tensor ?? null) : null;
  }
  return null;
}

/** The nodes that a value goes through alone, with the name of their other input. */
function* chainAfter(
  start: OnnxNode,
  consumers: Consumers,
  operators: readonly string[],
): Generator<{ readonly node: OnnxNode; readonly other: string }> {
  let value = start.outputs[0] ?? '';
  for (let step = 0; step < MAX_STEPS; step++) {
    const node = consumers.onlyReaderOf(value);
    if (node === undefined || !operators.includes(node.opType)) return;
    yield { node, other: node.inputs.find((name) => name !== value) ?? '' };
    value = node.outputs[0] ?? '';
  }
}
