import { FormatError, UnsupportedError } from '../errors';
import type { Model } from '../model/model';
import { followAxis } from './followAxis';
import type { Graph, GraphNode } from './graph';
import { type GraphUses, graphUses, tensorUses, type ValueUse } from './graphUses';
import type { ValueShapes } from './inferShapes';
import { graphOfOneSample } from './oneSample';
import { productOf, type Shape } from './shapes/valueFacts';
import { unitPlaceOf } from './unitPlace';

/** Which layers stand at the ends of a network: their units are the model's own inputs and outputs. */
export interface NetworkEnds {
  /** Whether output units of the layer with this weight become outputs of the model, each by itself. */
  givesOutputs(weight: string, unitCount: number): boolean;
  /** Whether the layer with this weight reads the model's inputs, each by itself. */
  readsInputs(weight: string): boolean;
}

/** The ends of a model's network; null where the file does not tell how its layers are connected. */
export function networkEnds(model: Model): NetworkEnds | null {
  try {
    const shaped = graphOfOneSample(model);
    return shaped === null ? null : new GraphEnds(shaped.graph, shaped.shapes);
  } catch (error) {
    // A graph that cannot be lowered or does not fit its tensors tells nothing; the weights are there all the same.
    if (error instanceof FormatError || error instanceof UnsupportedError) return null;
    throw error;
  }
}

/** By the id of a value: the axis along which units lie; null where it is no longer known, but they are in it. */
type UnitAxes = Map<string, number | null>;

class GraphEnds implements NetworkEnds {
  private readonly uses: GraphUses;
  /** Values in which the model's inputs are, each by itself. */
  private readonly fromInputs: UnitAxes;

  constructor(
    graph: Graph,
    private readonly shapes: ValueShapes,
  ) {
    this.uses = graphUses(graph);
    this.fromInputs = this.spread(graph.inputs.map(({ value }) => [value, null]));
  }

  givesOutputs(weight: string, unitCount: number): boolean {
    return tensorUses(this.uses, weight).some((use) => {
      const place = unitPlaceOf(use, this.shapes);
      if (place?.unitCount !== unitCount) return false;
      const isRecurrent = use.node.operator.kind === 'recurrent';
      const starts = use.node.outputs.flatMap((value, i): [string, number | null][] =>
        value === null ? [] : [[value, isRecurrent && i > 0 ? null : place.axis]],
      );
      return [...this.spread(starts).keys()].some((value) => this.uses.returned.has(value));
    });
  }

  readsInputs(weight: string): boolean {
    return tensorUses(this.uses, weight).some((use) => {
      const data = dataBeside(use);
      return data !== null && this.fromInputs.has(data);
    });
  }

  /** All values in which what lies in the given ones still lies element by element. */
  private spread(starts: readonly (readonly [string, number | null])[]): UnitAxes {
    const axes: UnitAxes = new Map(starts);
    const open = [...axes.keys()];
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      for (const { node, input } of this.uses.readers.get(value) ?? []) {
        if (!this.keepsUnits(node, input, axes)) continue;
        for (const made of node.outputs) {
          if (made === null || axes.has(made)) continue;
          axes.set(made, this.axisBehind(node, made, { value, axis: axes.get(value) ?? null }));
          open.push(made);
        }
      }
    }
    return axes;
  }

  private keepsUnits(node: GraphNode, input: number, axes: UnitAxes): boolean {
    switch (node.operator.kind) {
      case 'activation':
      case 'argReduce':
      case 'batchNormalization':
      case 'cast':
      case 'concatenate':
      case 'depthToSpace':
      case 'dropout':
      case 'expand':
      case 'flatten':
      case 'gather':
      case 'globalPool':
      case 'identity':
      case 'pad':
      case 'pool':
      case 'prelu':
      case 'reshape':
      case 'resize':
      case 'reverse':
      case 'slice':
      case 'spaceToDepth':
      case 'split':
      case 'topK':
      case 'transpose':
      case 'unary':
        return node.operator.kind === 'concatenate' || input === 0;
      case 'compare':
      case 'logical':
      case 'merge':
      case 'select':
        // Where another branch comes in, the units are not the outputs alone.
        return node.inputs.every((one) => one === null || axes.has(one) || this.isFixed(one));
      case 'reduce': {
        const axis = axes.get(node.inputs[0] ?? '') ?? null;
        return axis !== null && !this.reducedAxes(node).includes(axis);
      }
      default:
        return false;
    }
  }

  /** Where units are in what a node makes of a value. */
  private axisBehind(
    node: GraphNode,
    made: string,
    { value, axis }: { readonly value: string; readonly axis: number | null },
  ): number | null {
    const [from, to] = [this.shapeOf(value), this.shapeOf(made)];
    if (axis === null || from === null || to === null) return null;
    if (node.operator.kind === 'reduce') {
      const before = this.reducedAxes(node).filter((one) => one < axis).length;
      return node.operator.keepDims ? axis : axis - before;
    }
    if (from.length === to.length || node.operator.kind === 'reshape') {
      return followAxis({ node, value: made, from, to }, axis);
    }
    return null;
  }

  private reducedAxes({ operator, inputs }: GraphNode): readonly number[] {
    const rank = this.shapeOf(inputs[0] ?? '')?.length ?? 0;
    const axes = operator.kind === 'reduce' ? operator.axes : null;
    return axes?.map((axis) => (axis < 0 ? axis + rank : axis)) ?? [...Array(rank).keys()];
  }

  private isFixed(value: string): boolean {
    const shape = this.shapeOf(value);
    return this.uses.fixed.has(value) || (shape !== null && productOf(shape) === 1);
  }

  private shapeOf(value: string): Shape | null {
    return this.shapes.get(value)?.shape ?? null;
  }
}

/** The value that a node multiplies with a weight, or looks up in it; null where it reads none. */
function dataBeside({ node, input }: ValueUse): string | null {
  switch (node.operator.kind) {
    case 'dense':
    case 'convolution':
    case 'depthwiseConvolution':
    case 'transposedConvolution':
    case 'recurrent':
      return input === 1 ? (node.inputs[0] ?? null) : null;
    case 'matMul':
      return node.inputs[1 - input] ?? null;
    default:
      return null;
  }
}
