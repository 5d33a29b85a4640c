import type { Graph, GraphNode } from '../../core/graph/graph';
import type { ValueShapes } from '../../core/graph/inferShapes';
import { type AxisOrder, sameOrder } from './axisOrder';
import { type ImageStep, imageStep } from './imageSteps';

/** By value id: the order of axes in which the executor holds it; absent: the graph's. */
export type PhysicalLayouts = ReadonlyMap<string, AxisOrder>;

export interface PhysicalGraph {
  readonly graph: Graph;
  readonly layouts: PhysicalLayouts;
}

/**
 * The graph for an engine whose kernels know images with channels last only. Operators that need this order get
 * it, and what can work in it passes it on; where another needs the graph's own order, a transposition is written between,
 * once a value. Inputs and outputs of the graph stay as they are; values keep their ids, whatever their order.
 * @param facts of the graph's values; those that are absent stay as they are
 */
export function withPhysicalLayouts(graph: Graph, facts: ValueShapes): PhysicalGraph {
  const rewriting = new Rewriting(graph, facts);
  for (const node of graph.nodes) rewriting.add(node);
  return rewriting.finish();
}

class Rewriting {
  private readonly nodes: GraphNode[] = [];
  private readonly layouts = new Map<string, AxisOrder>();
  /** By value and the shape and order that is wanted of it: the value that has those. */
  private readonly turned = new Map<string, string>();
  private readonly ids: Set<string>;
  private readonly lastValues: ReadonlySet<string>;

  constructor(
    private readonly graph: Graph,
    private readonly facts: ValueShapes,
  ) {
    this.ids = new Set([
      ...[...graph.inputs, ...graph.parameters, ...graph.constants].map(({ value }) => value),
      ...graph.nodes.flatMap(({ outputs }) => outputs.filter((value) => value !== null)),
    ]);
    this.lastValues = lastValuesOf(graph);
  }

  add(node: GraphNode): void {
    const step = this.stepOf(node);
    if (step === null) {
      this.nodes.push({ ...node, inputs: node.inputs.map((value) => this.asInGraph(value)) });
      return;
    }
    const inputs = node.inputs.map((value, i) => {
      const wish = step.inputs[i] ?? null;
      return value === null || wish === null
        ? this.asInGraph(value)
        : this.inOrder(value, wish.shape, wish.order);
    });
    this.nodes.push({ ...node, inputs, operator: step.operator });
    if (step.outputOrder === null) return;
    for (const value of node.outputs) if (value !== null) this.hold(value, step.outputOrder);
  }

  finish(): PhysicalGraph {
    const outputs = this.graph.outputs.map((output) => ({
      ...output,
      value: this.inOrder(output.value, null, null),
    }));
    return { graph: { ...this.graph, outputs, nodes: this.nodes }, layouts: this.layouts };
  }

  private stepOf(node: GraphNode): ImageStep | null {
    const inputs = node.inputs.map((value) => {
      const fact = value === null ? undefined : this.facts.get(value);
      if (value === null || fact === undefined) return null;
      return { shape: fact.shape, order: this.layouts.get(value) ?? null };
    });
    const isLast = node.outputs.some((value) => value !== null && this.lastValues.has(value));
    return imageStep(node.operator, inputs, isLast);
  }

  private hold(value: string, order: AxisOrder): void {
    if (!sameOrder(order, [...order.keys()])) this.layouts.set(value, order);
  }

  private asInGraph(value: string | null): string | null {
    return value === null ? null : this.inOrder(value, null, null);
  }

  /** @param shape of the same elements with more axes, in the graph's order; null: its own */
  private inOrder(value: string, shape: readonly number[] | null, order: AxisOrder | null): string {
    const held = this.layouts.get(value) ?? null;
    if (shape === null && sameOrder(held, order)) return value;
    const key = JSON.stringify([value, shape, order]);
    const known = this.turned.get(key);
    if (known !== undefined) return known;
    const made = this.turn(value, shape, order);
    this.turned.set(key, made);
    return made;
  }

  private turn(value: string, shape: readonly number[] | null, order: AxisOrder | null): string {
    if (shape !== null) {
      const whole = this.emit(value, { kind: 'reshape', shape }, this.inOrder(value, null, null));
      return order === null
        ? whole
        : this.emit(value, { kind: 'transpose', permutation: order }, whole);
    }
    const held = this.layouts.get(value);
    const wanted = order ?? [...(held ?? []).keys()];
    const permutation = held === undefined ? wanted : wanted.map((axis) => held.indexOf(axis));
    return this.emit(value, { kind: 'transpose', permutation }, value);
  }

  private emit(layer: string, operator: GraphNode['operator'], input: string): string {
    let id = `${layer}#turned`;
    while (this.ids.has(id)) id += '#';
    this.ids.add(id);
    this.nodes.push({ id, layer, operator, inputs: [input], outputs: [id] });
    return id;
  }
}

/**
 * Outputs of the graph, also before they are passed on. What makes them element by element works in the graph's
 * order, so that no transposition hides a last activation from a loss that looks through it.
 */
function lastValuesOf({ outputs, nodes }: Graph): ReadonlySet<string> {
  const last = new Set(outputs.map(({ value }) => value));
  for (const { operator, inputs, outputs: made } of nodes.toReversed()) {
    if (operator.kind !== 'identity' || !made.some((value) => value !== null && last.has(value))) {
      continue;
    }
    for (const value of inputs) if (value !== null) last.add(value);
  }
  return last;
}
