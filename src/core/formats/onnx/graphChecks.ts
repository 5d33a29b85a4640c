import type { Notice } from '../../model/model';
import type { OnnxGraph, OnnxModel, OnnxNode } from './messages';
import { allGraphs, graphsOf, MAX_NOTICES } from './modelTensors';
import type { WireReader } from './protobuf/wireReader';

/**
 * Checks that values are made once and that no node needs what only comes of itself, in every graph.
 * @throws FormatError naming a node of the cycle, or the value that is made twice.
 */
export function assertAcyclic(model: OnnxModel, reader: WireReader): void {
  const functions = model.functions.map(({ graph }) => graph);
  for (const graph of allGraphs([model.graph, ...functions, ...model.trainingGraphs])) {
    const makers = makersOf(graph, reader);
    const rest = nodesInCycles(graph, makers);
    const [first] = rest;
    if (first === undefined) continue;
    const found = `${rest.length} nodes that need one another's outputs, among them ${describe(first)}`;
    throw reader.error(`graph ${JSON.stringify(graph.name)}`, found, 'a graph without cycles');
  }
}

function makersOf(graph: OnnxGraph, reader: WireReader): ReadonlyMap<string, number> {
  const makers = new Map<string, number>();
  for (const [index, node] of graph.nodes.entries()) {
    for (const output of node.outputs) {
      if (output === '') continue;
      if (makers.has(output)) {
        const found = `${JSON.stringify(output)} as output of two nodes, the second ${describe(node)}`;
        throw reader.error(`graph ${JSON.stringify(graph.name)}`, found, 'each value made once');
      }
      makers.set(output, index);
    }
  }
  return makers;
}

/** Kahn's algorithm: what is left when nodes whose inputs are all there have gone. */
function nodesInCycles(graph: OnnxGraph, makers: ReadonlyMap<string, number>): readonly OnnxNode[] {
  const { nodes } = graph;
  const users: number[][] = nodes.map(() => []);
  const waitingFor = new Int32Array(nodes.length);
  for (const [index, node] of nodes.entries()) {
    const needed = new Set<number>();
    for (const name of namesRead(node)) {
      const maker = makers.get(name);
      if (maker !== undefined) needed.add(maker);
    }
    for (const maker of needed) users[maker]?.push(index);
    waitingFor[index] = needed.size;
  }
  const ready = [...nodes.keys()].filter((index) => waitingFor[index] === 0);
  for (let index = ready.pop(); index !== undefined; index = ready.pop()) {
    for (const user of users[index] ?? []) {
      const left = (waitingFor[user] ?? 0) - 1;
      waitingFor[user] = left;
      if (left === 0) ready.push(user);
    }
  }
  return nodes.filter((_, index) => (waitingFor[index] ?? 0) > 0);
}

/** A node's inputs, and what the graphs inside it may take from outside. */
export function* namesRead(node: OnnxNode): Generator<string> {
  yield* node.inputs;
  for (const graph of allGraphs(graphsOf(node))) {
    const own = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
    for (const inner of graph.nodes)
      for (const name of inner.inputs) if (!own.has(name)) yield name;
    for (const { name } of graph.outputs) if (!own.has(name)) yield name;
  }
}

/** Inputs that nothing makes: the file is readable, but cannot run. */
export function findDanglingInputs(model: OnnxModel): readonly Notice[] {
  const notices: Notice[] = [];
  const stack: Scope[] = [{ graph: model.graph, outer: null, names: namesMadeIn(model.graph) }];
  for (let scope = stack.pop(); scope !== undefined; scope = stack.pop()) {
    for (const node of scope.graph.nodes) {
      for (const name of node.inputs) {
        if (name === '' || isKnown(scope, name)) continue;
        const message = `node ${describe(node)} reads ${JSON.stringify(name)}, which nothing makes`;
        notices.push({ code: 'dangling-input', message });
        if (notices.length >= MAX_NOTICES) return notices;
      }
      for (const graph of graphsOf(node)) {
        stack.push({ graph, outer: scope, names: namesMadeIn(graph) });
      }
    }
    for (const { name } of scope.graph.outputs) {
      if (name === '' || isKnown(scope, name)) continue;
      const message = `the output ${JSON.stringify(name)} is made by no node`;
      notices.push({ code: 'dangling-input', message });
    }
  }
  return notices.slice(0, MAX_NOTICES);
}

interface Scope {
  readonly graph: OnnxGraph;
  readonly outer: Scope | null;
  readonly names: ReadonlySet<string>;
}

function namesMadeIn(graph: OnnxGraph): ReadonlySet<string> {
  return new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.map(({ name }) => name),
    ...graph.sparseInitializers.map(({ values }) => values.name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
}

function isKnown(scope: Scope, name: string): boolean {
  for (let at: Scope | null = scope; at !== null; at = at.outer)
    if (at.names.has(name)) return true;
  return false;
}

function describe({ name, opType, outputs }: OnnxNode): string {
  return `${JSON.stringify(name === '' ? (outputs[0] ?? '') : name)} (${opType})`;
}
