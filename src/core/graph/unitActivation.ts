import { followAxis, type ValueAxis } from './followAxis';
import type { Graph, GraphNode } from './graph';
import { type GraphUses, graphUses, inOrder, tensorUses, type ValueUse } from './graphUses';
import type { ValueShapes } from './inferShapes';
import { makesZeros } from './makesZeros';
import type { ActivationFunction } from './operators/activation';
import { productOf, type Shape } from './shapes/valueFacts';
import { unitPlaceOf } from './unitPlace';

/** The value that the units of a layer give, as the rest of the network sees it. */
export interface UnitActivation extends ValueAxis {
  /** {@link ValueAxis.axis} of the value counts the units. */
  readonly unitCount: number;
  /** What makes it of the sum of inputs, as the graph calls it; null: nothing does. */
  readonly activation: string | null;
  /** Whether exact zeros come of it. */
  readonly makesZeros: boolean;
}

/** Finds what the units of layers give in a graph whose shapes are known. */
export class UnitActivations {
  private readonly uses: GraphUses;

  constructor(
    graph: Graph,
    private readonly shapes: ValueShapes,
  ) {
    this.uses = graphUses(graph);
  }

  /**
   * What the units of the layer with this weight give, once for each place where the weight is used: behind its
   * bias, batch normalization and the activation that follows; without one, the sum itself. Empty where no use
   * has as many units.
   * @param unitCount null: as many as the uses have
   */
  of(tensor: string, unitCount: number | null): readonly UnitActivation[] {
    return tensorUses(this.uses, tensor).flatMap((use) => {
      const place = unitPlaceOf(use, this.shapes);
      if (place === null || (unitCount !== null && place.unitCount !== unitCount)) return [];
      return [{ ...this.activated(use.node, place), unitCount: place.unitCount }];
    });
  }

  /** Kinds of the operators that use a weight, for messages. */
  operatorsUsing(tensor: string): readonly string[] {
    const kinds = tensorUses(this.uses, tensor).map(({ node }) => node.operator.kind);
    return [...new Set(kinds)];
  }

  private activated(node: GraphNode, own: ValueAxis): Omit<UnitActivation, 'unitCount'> {
    if (node.operator.kind === 'recurrent') return { ...own, ...recurrentActivation(node) };
    const sum = this.alongSums(own);
    return (
      this.behindActivation(sum) ??
      this.behindActivation(this.behindPools(sum)) ?? {
        ...sum,
        activation: null,
        makesZeros: false,
      }
    );
  }

  /** Past bias, batch normalization, and what passes its input on. */
  private alongSums(start: ValueAxis): ValueAxis {
    let at = start;
    for (;;) {
      const next = this.onlyReader(at, (use) => this.keepsSums(use, at));
      if (next === null) return at;
      at = next;
    }
  }

  private behindPools(start: ValueAxis): ValueAxis {
    return this.onlyReader(start, ({ node }) => node.operator.kind === 'pool') ?? start;
  }

  private onlyReader(at: ValueAxis, isWanted: (use: ValueUse) => boolean): ValueAxis | null {
    const [use, other] = this.uses.readers.get(at.value) ?? [];
    if (use === undefined || other !== undefined || this.uses.returned.has(at.value)) return null;
    return isWanted(use) ? this.after(use.node, at) : null;
  }

  /** The axis behind a node; null where the node makes something else of it. */
  private after(node: GraphNode, { value, axis }: ValueAxis): ValueAxis | null {
    const made = node.outputs[0];
    const [from, to] = [this.shapeOf(value), this.shapeOf(made ?? '')];
    if (made === null || made === undefined || from === undefined || to === undefined) return null;
    if (node.operator.kind === 'pool') return { value: made, axis };
    const next = followAxis({ node, value: made, from, to }, axis);
    return next === null ? null : { value: made, axis: next };
  }

  private keepsSums({ node, input }: ValueUse, at: ValueAxis): boolean {
    const { operator, inputs } = node;
    switch (operator.kind) {
      case 'identity':
      case 'dropout':
      case 'cast':
      case 'reshape':
      case 'transpose':
        return true;
      case 'batchNormalization':
        return input === 0;
      case 'merge':
        return inputs.every((other, i) => i === input || this.isPerUnit(other, at));
      default:
        return false;
    }
  }

  /** One number, or one of the file for each unit. */
  private isPerUnit(other: string | null, { value, axis }: ValueAxis): boolean {
    const shape = this.shapeOf(other ?? '');
    const rank = this.shapeOf(value)?.length ?? 0;
    if (other === null || shape === undefined) return false;
    if (productOf(shape) === 1) return true;
    const shift = rank - shape.length;
    return this.uses.fixed.has(other) && shape.every((size, i) => size === 1 || i + shift === axis);
  }

  /**
   * The value behind an activation that is one node, or several that together make one of a value (a sigmoid and
   * the product with it); null where none follows. What scales it by a number afterwards still belongs to it.
   */
  private behindActivation(sum: ValueAxis): Omit<UnitActivation, 'unitCount'> | null {
    const axes = new Map([[sum.value, sum.axis]]);
    const inside = new Set<GraphNode>();
    let found: Omit<UnitActivation, 'unitCount'> | null = null;
    for (const node of this.followers(sum.value)) {
      const axis = this.axisOfFollower(node, axes);
      const made = node.outputs[0];
      if (axis === null || made === null || made === undefined) continue;
      inside.add(node);
      axes.set(made, axis);
      if (this.isOnlyWayOut(made, axes, inside) && [...inside].some(isActivation)) {
        const zeros = [...inside].some(({ operator }) => makesZeros(operator));
        const activation = nameOf([...inside]);
        found = { value: made, axis, activation, makesZeros: zeros };
      }
    }
    return found;
  }

  /** Nodes that read the value, or what such nodes make of it, in the graph's order; a bounded number of them. */
  private followers(value: string): readonly GraphNode[] {
    const nodes = new Set<GraphNode>();
    const values = [value];
    for (let i = 0; i < values.length && nodes.size < MAX_ACTIVATION_NODES; i++) {
      for (const { node } of this.uses.readers.get(values[i] ?? '') ?? []) {
        if (nodes.has(node) || !isElementwise(node)) continue;
        nodes.add(node);
        values.push(...node.outputs.filter((output) => output !== null));
      }
    }
    return inOrder(nodes, this.uses);
  }

  /** Where the axis is in what the node makes of values seen so far and of single numbers; else null. */
  private axisOfFollower(node: GraphNode, axes: ReadonlyMap<string, number>): number | null {
    const places = new Set<number>();
    for (const input of node.inputs) {
      const axis = axes.get(input ?? '');
      if (axis === undefined && !this.isNumber(node, input)) return null;
      if (axis === undefined || input === null) continue;
      const next = this.after(node, { value: input, axis });
      if (next === null) return null;
      places.add(next.axis);
    }
    const [axis] = places;
    return places.size === 1 && axis !== undefined ? axis : null;
  }

  /** A slope of prelu counts as one: it is the activation's own. */
  private isNumber(node: GraphNode, value: string | null): boolean {
    if (value === null) return true;
    if (node.operator.kind === 'prelu') return this.uses.fixed.has(value);
    const shape = this.shapeOf(value);
    return shape !== undefined && productOf(shape) === 1;
  }

  /** Whether everything else that was seen is read inside only. */
  private isOnlyWayOut(
    value: string,
    axes: ReadonlyMap<string, number>,
    inside: ReadonlySet<GraphNode>,
  ): boolean {
    for (const other of axes.keys()) {
      if (other === value) continue;
      if (this.uses.returned.has(other)) return false;
      const readers = this.uses.readers.get(other) ?? [];
      if (!readers.every(({ node }) => inside.has(node))) return false;
    }
    return true;
  }

  private shapeOf(value: string): Shape | undefined {
    return this.shapes.get(value)?.shape;
  }
}

/** An activation written in single operators takes ten or so; a long tail of arithmetic is none. */
const MAX_ACTIVATION_NODES = 32;

function isElementwise({ operator }: GraphNode): boolean {
  switch (operator.kind) {
    case 'activation':
    case 'prelu':
    case 'unary':
    case 'merge':
    case 'compare':
    case 'select':
    case 'cast':
    case 'identity':
    case 'dropout':
      return true;
    default:
      return false;
  }
}

/** Not merely a sum or a product. */
function isActivation({ operator }: GraphNode): boolean {
  switch (operator.kind) {
    case 'activation':
      return operator.function.name !== 'linear';
    case 'merge':
      return operator.mode === 'maximum' || operator.mode === 'minimum';
    default:
      return operator.kind === 'unary' || operator.kind === 'prelu' || operator.kind === 'select';
  }
}

function nameOf(nodes: readonly GraphNode[]): string {
  for (const { operator } of nodes) {
    if (operator.kind === 'activation') return operator.function.name;
    if (operator.kind === 'unary') return operator.function;
    if (operator.kind === 'prelu') return 'prelu';
  }
  return 'maximum';
}

/** What a recurrent layer gives has been through the activation of its cell. */
function recurrentActivation({
  operator,
}: GraphNode): Pick<UnitActivation, 'activation' | 'makesZeros'> {
  if (operator.kind !== 'recurrent') throw new Error(`${operator.kind} is no recurrent layer`);
  const functions = operator.directions.map(
    ({ activation, outputActivation }): ActivationFunction =>
      operator.cell === 'lstm' ? outputActivation : activation,
  );
  const zeros = functions.every((one) => makesZeros({ kind: 'activation', function: one }));
  return { activation: functions[0]?.name ?? null, makesZeros: zeros };
}
