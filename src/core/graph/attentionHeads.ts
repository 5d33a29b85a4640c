import { FormatError } from '../errors';
import { unitMapOf } from '../model/elementOrder';
import { type Model, tensorNamed } from '../model/model';
import type { UnitMap } from '../report/plan';
import type { Graph, GraphNode } from './graph';
import { type GraphUses, graphUses } from './graphUses';
import { HeadMoves, passesOn } from './headMoves';
import { type HeadAxis, headAxis, headStride, type HeadView } from './headView';
import { inferShapes, type ValueShapes } from './inferShapes';
import { productOf, type Shape } from './shapes/valueFacts';

/** What a tensor is to its heads: a projection gives them, the output reads them. */
export type HeadRole = 'query' | 'key' | 'value' | 'output';

/** The heads in one tensor. */
export interface HeadMember {
  readonly tensor: string;
  readonly role: HeadRole;
  readonly isBias: boolean;
  /** Of its elements as they are stored. */
  readonly map: UnitMap;
}

/** One attention: its heads, with all tensors that hold a part of each. */
export interface HeadGroup {
  /** Of the layer in the graph. */
  readonly name: string;
  readonly count: number;
  /** Weights and biases; several roles may share a tensor. */
  readonly members: readonly HeadMember[];
}

/**
 * The attention heads of a model, found in its graph: a softmax over the keys of each head that is multiplied
 * with the values, followed back to the projections and on to the output's. Attention whose heads are not found in
 * all four (one head, heads that share keys) is left out; so is everything of a model without a graph.
 */
export function attentionHeads(model: Model): readonly HeadGroup[] {
  const graph = loweredGraph(model);
  return graph === null ? [] : new HeadFinder(model, graph).groups();
}

/** Sizes that are left open: of the batch, and of others, which must not look like one another. */
const OPEN_SIZES = [2, 5];

/** The graph with all sizes known; null where there is none, or where it refuses the sizes taken for open ones. */
function loweredGraph({ graph, lowerGraph }: Model): Graph | null {
  if (graph === undefined) return null;
  if (lowerGraph === undefined) return graph;
  try {
    return lowerGraph(closedShapes(graph));
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}

function closedShapes({ inputs }: Graph): readonly Shape[] {
  return inputs.map(({ shape }) =>
    shape.map((size, axis) => (size >= 0 ? size : (OPEN_SIZES[Math.min(axis, 1)] ?? 2))),
  );
}

class HeadFinder {
  private readonly uses: GraphUses;
  private readonly shapes: ValueShapes;
  private readonly moves: HeadMoves;
  private readonly batchSize: number;
  /** By the value of each parameter: its tensor. */
  private readonly tensors: ReadonlyMap<string, string>;

  constructor(
    private readonly model: Model,
    private readonly graph: Graph,
  ) {
    this.uses = graphUses(graph);
    const inputShapes = closedShapes(graph);
    this.batchSize = inputShapes[0]?.[0] ?? 1;
    this.shapes = inferShapes(graph, model.tensors, inputShapes);
    this.moves = new HeadMoves(this.uses, this.shapes);
    this.tensors = new Map(graph.parameters.map(({ value, tensor }) => [value, tensor]));
  }

  groups(): readonly HeadGroup[] {
    return this.graph.nodes.flatMap((node) => this.groupAt(node) ?? []);
  }

  private groupAt(node: GraphNode): HeadGroup | null {
    const weights = node.outputs[0] ?? '';
    const heads = isSoftmax(node) ? this.headsOf(this.shapeOf(weights)) : 1;
    if (heads < 2) return null;
    const product = this.productOfWeights(weights);
    const scores = this.scoreProduct(node.inputs[0] ?? null);
    if (product === null || scores === null) return null;
    const [query = '', key = ''] = scores.inputs;
    const [, value = ''] = product.inputs;
    const members = [
      this.projection(this.viewOf(query, heads), 'query'),
      this.projection(this.viewOf(key, heads), 'key'),
      this.projection(this.viewOf(value, heads), 'value'),
      this.outputProjection(this.viewOf(product.outputs[0] ?? null, heads)),
    ];
    if (members.includes(null)) return null;
    return { name: node.layer, count: heads, members: merged(members.flatMap((one) => one ?? [])) };
  }

  /** Of [batch, heads, queries, keys], or of [batch * heads, queries, keys]; 1 of anything else. */
  private headsOf(shape: Shape): number {
    if (shape.length === 4) return shape[1] ?? 1;
    const heads = shape.length === 3 ? (shape[0] ?? 1) / this.batchSize : 1;
    return Number.isInteger(heads) ? heads : 1;
  }

  /** The head is the index along the third axis from the end, where that also counts samples modulo the heads. */
  private viewOf(value: string | null, heads: number): HeadView {
    const shape = this.shapeOf(value ?? '');
    const stride = headStride({ axis: shape.length - 3, inner: 1 }, shape);
    return { value: value ?? '', stride, heads };
  }

  /** Where the softmax, or what dropout leaves of it, is multiplied with the values. */
  private productOfWeights(weights: string): GraphNode | null {
    for (const { node, input } of this.uses.readers.get(weights) ?? []) {
      if (node.operator.kind === 'matMul' && input === 0) return node;
      if (!passesOn(node)) continue;
      const found = this.productOfWeights(node.outputs[0] ?? '');
      if (found !== null) return found;
    }
    return null;
  }

  /** The product of queries and keys, behind scaling and masks. */
  private scoreProduct(value: string | null, depth = 0): GraphNode | null {
    const maker = this.uses.makers.get(value ?? '');
    if (maker === undefined || depth > MAX_STEPS) return null;
    if (maker.operator.kind === 'matMul') return this.isOfData(maker) ? maker : null;
    if (!passesOn(maker) && maker.operator.kind !== 'merge' && maker.operator.kind !== 'select') {
      return null;
    }
    for (const input of maker.inputs) {
      if (input === null || this.uses.fixed.has(input)) continue;
      const found = this.scoreProduct(input, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }

  private isOfData({ inputs }: GraphNode): boolean {
    return inputs.every((value) => value !== null && !this.uses.fixed.has(value));
  }

  /** Back from what the heads give to the weight and bias that make it; null where they are not found. */
  private projection(start: HeadView, role: HeadRole): readonly HeadMember[] | null {
    const biases: HeadMember[] = [];
    let view: HeadView | null = start;
    for (let step = 0; view !== null && step < MAX_STEPS; step++) {
      const node: GraphNode | undefined = this.uses.makers.get(view.value);
      const axis = headAxis(view, this.shapeOf(view.value));
      if (node === undefined || axis === null) return null;
      if (isProduct(node)) {
        const weight = this.weightMember(node, axis, { heads: view.heads, role });
        const [, , bias] = node.operator.kind === 'dense' ? node.inputs : [];
        const own = this.biasMember(bias ?? null, axis, { heads: view.heads, role });
        return weight === null ? null : [weight, ...(own === null ? [] : [own]), ...biases];
      }
      if (node.operator.kind === 'merge') {
        for (const input of node.inputs) {
          const bias = this.biasMember(input, axis, { heads: view.heads, role });
          if (bias !== null) biases.push(bias);
        }
      }
      view = this.moves.before(node, view, axis);
    }
    return null;
  }

  /** On from the product with the values to the weight that reads all heads; null where it is not found. */
  private outputProjection(start: HeadView): readonly HeadMember[] | null {
    let view: HeadView | null = start;
    for (let step = 0; view !== null && step < MAX_STEPS; step++) {
      const shape = this.shapeOf(view.value);
      const axis = headAxis(view, shape);
      const [use, other] = this.uses.readers.get(view.value) ?? [];
      if (use === undefined || other !== undefined || axis === null) return null;
      if (isProduct(use.node) && use.input === 0) {
        if (axis.axis !== shape.length - 1) return null;
        const member = this.kernelMember(use.node, axis.inner, {
          heads: view.heads,
          role: 'output',
        });
        return member === null ? null : [member];
      }
      view = this.moves.after(use.node, view, axis);
    }
    return null;
  }

  private weightMember(node: GraphNode, axis: HeadAxis, side: HeadSide): HeadMember | null {
    const rank = this.shapeOf(node.outputs[0] ?? '').length;
    return axis.axis === rank - 1 ? this.kernelMember(node, axis.inner, side) : null;
  }

  /** @param inner features of one head, along the kernel's outputs, or its inputs where it reads them */
  private kernelMember(
    { operator, inputs }: GraphNode,
    inner: number,
    { heads, role }: HeadSide,
  ): HeadMember | null {
    const value = inputs[1] ?? '';
    const shape = this.shapeOf(value);
    const isOutFirst =
      operator.kind === 'dense'
        ? operator.kernelLayout === 'out-in'
        : operator.kind === 'matMul' && operator.transposeB;
    const fromEnd = isOutFirst === (role === 'output') ? 1 : 2;
    const stride = headStride({ axis: shape.length - fromEnd, inner }, shape);
    return this.memberOf({ value, stride, heads }, role, false);
  }

  /** Null for what is no bias of the heads: one number, or something that comes from data. */
  private biasMember(
    value: string | null,
    { axis, inner }: HeadAxis,
    { heads, role }: HeadSide,
  ): HeadMember | null {
    if (value === null || !this.uses.fixed.has(value)) return null;
    const shape = this.shapeOf(value);
    const size = productOf(shape);
    if (size === 1 || size % (heads * inner) !== 0) return null;
    // A bias is as long as the axis, or has the axes of the value with ones in front.
    const at = shape.length === 1 ? 0 : axis;
    if (shape[at] !== size && shape.length > 1) return null;
    return this.memberOf({ value, stride: inner, heads }, role, true);
  }

  /** The tensor behind a value that is made of it alone. */
  private memberOf(start: HeadView, role: HeadRole, isBias: boolean): HeadMember | null {
    let view: HeadView | null = start;
    for (let step = 0; view !== null && step < MAX_STEPS; step++) {
      const name = this.tensors.get(view.value);
      if (name !== undefined) {
        const tensor = tensorNamed(this.model, name);
        const axis = headAxis(view, tensor.shape);
        if (axis === null) return null;
        const inner = unitMapOf(tensor, axis.axis).inner * axis.inner;
        return { tensor: name, role, isBias, map: { inner, count: view.heads } };
      }
      const node: GraphNode | undefined = this.uses.makers.get(view.value);
      const axis = headAxis(view, this.shapeOf(view.value));
      view = node === undefined || axis === null ? null : this.moves.before(node, view, axis);
    }
    return null;
  }

  private shapeOf(value: string): Shape {
    return this.shapes.get(value)?.shape ?? [];
  }
}

/** Nodes between a projection and its heads: a longer way is none. */
const MAX_STEPS = 16;

interface HeadSide {
  readonly heads: number;
  readonly role: HeadRole;
}

function isSoftmax({ operator }: GraphNode): boolean {
  return operator.kind === 'activation' && operator.function.name === 'softmax';
}

function isProduct({ operator }: GraphNode): boolean {
  return operator.kind === 'dense' || operator.kind === 'matMul';
}

/** A joint projection is met once for each of its parts. */
function merged(members: readonly HeadMember[]): readonly HeadMember[] {
  const found = new Map<string, HeadMember>();
  for (const one of members) {
    if (!found.has(one.tensor)) found.set(one.tensor, one);
  }
  return [...found.values()];
}
