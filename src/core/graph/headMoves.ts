import type { GraphNode } from './graph';
import type { GraphUses } from './graphUses';
import { type HeadAxis, headStride, type HeadView } from './headView';
import type { ValueShapes } from './inferShapes';
import { productOf, type Shape } from './shapes/valueFacts';

/** Follows heads through nodes that move elements or work on each by itself. */
export class HeadMoves {
  constructor(
    private readonly uses: GraphUses,
    private readonly shapes: ValueShapes,
  ) {}

  /** The heads in what a node reads; null where it does more than move elements or work on each. */
  before(node: GraphNode, view: HeadView, axis: HeadAxis): HeadView | null {
    const { operator } = node;
    const to = this.shapeOf(view.value);
    const input = node.inputs.find(
      (one) => one !== null && this.uses.fixed.has(one) === this.uses.fixed.has(view.value),
    );
    if (input === undefined || input === null) return null;
    const from = this.shapeOf(input);
    switch (operator.kind) {
      case 'reshape':
      case 'flatten':
        return { ...view, value: input };
      case 'transpose': {
        const moved = operator.permutation[axis.axis] ?? 0;
        return { ...view, value: input, stride: headStride({ ...axis, axis: moved }, from) };
      }
      case 'split':
        return this.beforeSplit(node, { ...view, value: input }, axis);
      case 'slice':
      case 'gather':
        return this.beforePart(node, { ...view, value: input }, axis);
      case 'merge':
      case 'cast':
      case 'identity':
      case 'dropout':
      case 'unary':
        return sameShape(from, to) ? { ...view, value: input } : null;
      default:
        return null;
    }
  }

  /** The parts of a joint projection begin with a whole round of heads each. */
  private beforeSplit(
    { operator }: GraphNode,
    view: HeadView,
    { axis, inner }: HeadAxis,
  ): HeadView | null {
    if (operator.kind !== 'split') return null;
    const from = this.shapeOf(view.value);
    const at = operator.axis < 0 ? operator.axis + from.length : operator.axis;
    const isWhole = operator.sizes.every(
      (size) => at !== axis || size % (inner * view.heads) === 0,
    );
    return isWhole ? { ...view, stride: headStride({ axis, inner }, from) } : null;
  }

  private beforePart(
    { operator, inputs }: GraphNode,
    view: HeadView,
    { axis, inner }: HeadAxis,
  ): HeadView | null {
    const from = this.shapeOf(view.value);
    if (operator.kind === 'slice') {
      const cut = operator.axes.indexOf(axis);
      const start = cut < 0 ? 0 : (operator.starts[cut] ?? 0);
      const isWhole = start % (inner * view.heads) === 0 && (cut < 0 || operator.steps[cut] === 1);
      return isWhole ? { ...view, stride: headStride({ axis, inner }, from) } : null;
    }
    const isOne = productOf(this.shapeOf(inputs[1] ?? '')) === 1;
    if (operator.kind !== 'gather' || !isOne || this.shapeOf(inputs[1] ?? '').length !== 0)
      return null;
    const moved = axis >= operator.axis ? axis + 1 : axis;
    return { ...view, stride: headStride({ axis: moved, inner }, from) };
  }

  /** The heads in what a node makes; null where it does more than move elements or work on each. */
  after(node: GraphNode, view: HeadView, axis: HeadAxis): HeadView | null {
    const value = node.outputs[0] ?? '';
    const { operator } = node;
    switch (operator.kind) {
      case 'reshape':
      case 'flatten':
        return { ...view, value };
      case 'transpose': {
        const moved = { ...axis, axis: operator.permutation.indexOf(axis.axis) };
        return { ...view, value, stride: headStride(moved, this.shapeOf(value)) };
      }
      default: {
        const isKept = passesOn(node) || operator.kind === 'merge';
        const fits = sameShape(this.shapeOf(view.value), this.shapeOf(value));
        return isKept && fits ? { ...view, value } : null;
      }
    }
  }

  private shapeOf(value: string): Shape {
    return this.shapes.get(value)?.shape ?? [];
  }
}

/** Whether a node gives what it reads, but for its type or what dropout leaves out. */
export function passesOn({ operator }: GraphNode): boolean {
  return operator.kind === 'identity' || operator.kind === 'dropout' || operator.kind === 'cast';
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
