import { FormatError } from '../errors';
import type { TensorEntry } from '../model/model';
import type { Graph, GraphNode } from './graph';
import { outputShape, type ShapeContext } from './shapeRules';

/** Shapes by value; -1 where a dimension is open. Values after an opaque operator are absent. */
export type ValueShapes = ReadonlyMap<string, readonly number[]>;

/**
 * The shape of every value of a graph, which also checks that nodes and tensors fit together.
 * @param inputShapes of the graph's inputs, where they are known better than the graph says
 * @throws FormatError naming the node, what was found and what it needs.
 */
export function inferShapes(
  graph: Graph,
  tensors: readonly TensorEntry[],
  inputShapes: readonly (readonly number[])[] = graph.inputs.map(({ shape }) => shape),
): ValueShapes {
  const tensorShapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const shapes = new Map<string, readonly number[]>();
  graph.inputs.forEach(({ value, shape }, i) => shapes.set(value, inputShapes[i] ?? shape));
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((value) => shapes.get(value));
    if (inputs.some((shape) => shape === undefined)) continue;
    const shape = outputShape(node.operator, inputs as readonly (readonly number[])[], {
      parameter: (name) => parameterShape(node, name, tensorShapes),
      misfit: (found, allowed) => misfit(node, found, allowed),
    } satisfies ShapeContext);
    if (shape !== null) shapes.set(node.output, shape);
  }
  return shapes;
}

function parameterShape(
  node: GraphNode,
  name: string,
  shapes: ReadonlyMap<string, readonly number[]>,
): readonly number[] {
  const shape = shapes.get(name);
  if (shape === undefined) throw misfit(node, `no tensor ${name}`, 'a tensor of the file');
  return shape;
}

function misfit(node: GraphNode, found: string, allowed: string): FormatError {
  return new FormatError({ format: 'graph', place: `layer ${node.layer}`, found, allowed });
}
