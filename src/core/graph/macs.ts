import { UnsupportedError } from '../errors';
import type { Model } from '../model/model';
import type { DataFormat, GraphNode } from './graph';
import type { ValueShapes } from './inferShapes';
import { graphOfOneSample } from './oneSample';
import { productOf, type Shape } from './shapes/valueFacts';
import { weightSources } from './weightSources';

/** The multiply-accumulates of one sample through a network. */
export interface MultiplyAccumulates {
  /** Of all nodes. */
  readonly total: number;
  /** By the name of a tensor: of each of its weights. Tensors that nothing is multiplied with are absent. */
  readonly perWeight: ReadonlyMap<string, number>;
  /** Of the nodes that have any, in the graph's order. */
  readonly nodes: readonly NodeMacs[];
}

/** The multiply-accumulates of one node. */
export interface NodeMacs {
  readonly node: GraphNode;
  readonly macs: number;
}

/**
 * Counts the multiply-accumulates of convolutions, dense layers, matrix products and recurrent layers: a
 * weight once for every place at which it is used, padding included; biases, normalization, activations and
 * lookups are not counted. Dimensions that the graph leaves open count as 1. Where several nodes read a weight
 * their figures add up; products of two activations are in the total alone.
 * @throws UnsupportedError where there is no graph, or a shape is not known.
 */
export function multiplyAccumulates(model: Model): MultiplyAccumulates {
  const shaped = graphOfOneSample(model);
  if (shaped === null) throw uncounted(model.graphMissing ?? 'no graph');
  const { graph, shapes } = shaped;
  const sources = weightSources(graph, model.tensors);
  const perWeight = new Map<string, number>();
  const nodes: NodeMacs[] = [];
  for (const node of graph.nodes) {
    const products = new NodeProducts(node, shapes).all();
    const macs = products.reduce((sum, product) => sum + product.macs, 0);
    if (macs > 0) nodes.push({ node, macs });
    for (const product of products) {
      const [tensor] = product.operands.flatMap((value) => sources.get(value) ?? []);
      if (tensor === undefined) continue;
      const before = perWeight.get(tensor.name) ?? 0;
      perWeight.set(tensor.name, before + product.macs / tensor.elementCount);
    }
  }
  return { total: nodes.reduce((sum, { macs }) => sum + macs, 0), perWeight, nodes };
}

/** One product of a node. */
interface Product {
  readonly macs: number;
  /** The values that may hold its weights, the likelier one first. */
  readonly operands: readonly string[];
}

class NodeProducts {
  constructor(
    private readonly node: GraphNode,
    private readonly shapes: ValueShapes,
  ) {}

  all(): readonly Product[] {
    const { operator } = this.node;
    switch (operator.kind) {
      case 'dense':
        return [this.withWeights(1, this.input(0).slice(0, -1))];
      case 'convolution':
      case 'depthwiseConvolution':
        return [this.withWeights(1, placesOf(this.output(), operator.dataFormat))];
      case 'transposedConvolution':
        return [this.withWeights(1, placesOf(this.input(0), operator.dataFormat))];
      case 'recurrent':
        // Batch and time, whichever comes first.
        return [1, 2].map((index) => this.withWeights(index, this.input(0).slice(0, 2)));
      case 'matMul': {
        const inner = this.input(0).at(operator.transposeA ? -2 : -1) ?? -1;
        const macs = this.known(productOf([...this.output(), inner]));
        return [{ macs, operands: [this.value(1), this.value(0)] }];
      }
      default:
        return [];
    }
  }

  /** @param uses axes over which every weight is used again */
  private withWeights(index: number, uses: Shape): Product {
    const macs = this.known(productOf([...this.input(index), ...uses]));
    return { macs, operands: [this.value(index)] };
  }

  private known(macs: number): number {
    if (macs >= 0) return macs;
    throw uncounted(`layer ${this.node.layer}, whose sizes the graph leaves open`);
  }

  private value(index: number): string {
    return this.node.inputs[index] ?? '';
  }

  private input(index: number): Shape {
    return this.shapeOf(this.node.inputs[index]);
  }

  private output(): Shape {
    return this.shapeOf(this.node.outputs.find((value) => value !== null));
  }

  private shapeOf(value: string | null | undefined): Shape {
    const facts = this.shapes.get(value ?? '');
    if (facts !== undefined) return facts.shape;
    throw uncounted(`layer ${this.node.layer}, which comes after an operator that is not known`);
  }
}

/** The batch and the places of an image. */
function placesOf(shape: Shape, format: DataFormat): Shape {
  return format === 'channelsLast' ? shape.slice(0, -1) : shape.filter((_, axis) => axis !== 1);
}

function uncounted(found: string): UnsupportedError {
  return new UnsupportedError({
    feature: 'counting multiply-accumulates',
    found,
    supported:
      'models whose file, or whose recipe, says how their layers are connected, in operators with known shapes',
  });
}
