import type { DenseArray } from '../../core/graph/executor';
import type { Graph } from '../../core/graph/graph';
import { inferShapes } from '../../core/graph/inferShapes';
import { opaqueOperators } from '../../core/graph/opaqueOperators';
import type { Model } from '../../core/model/model';
import { unsupportedOperators } from '../unsupportedOperators';
import { inEngineLayouts } from './engineLayouts';
import { assertInputs } from './forwardPass';
import type { Parameters } from './parameters';
import { withPhysicalLayouts } from './physicalLayout';
import { disposePrepared, prepareGraph, type PreparedGraph } from './preparedGraph';

/** Batches come in two sizes, the last being smaller, and data sets before and after each other. */
const MAX_LOWERED_GRAPHS = 4;

/** The model's graph, ready to run: one for all shapes or, where the format computes with shapes, one for each. */
export class LoweredGraphs {
  /** By input shapes; the last used one comes last. */
  private readonly prepared = new Map<string, PreparedGraph>();

  constructor(
    private readonly model: Model,
    /** As the file declares it. */
    readonly declared: Graph,
    private readonly parameters: Parameters,
  ) {}

  /**
   * The graph for a batch, its parameters loaded.
   * @throws UsageError for inputs that do not fit; FormatError, UnsupportedError as lowering and loading do.
   */
  async graphFor(inputs: readonly DenseArray[]): Promise<PreparedGraph> {
    assertInputs(this.declared, inputs);
    const shapes = inputs.map(({ shape }) => shape);
    const key = this.model.lowerGraph === undefined ? '' : JSON.stringify(shapes);
    const prepared = this.prepared.get(key) ?? (await this.prepare(shapes));
    this.prepared.delete(key);
    this.prepared.set(key, prepared);
    this.forgetOldest();
    return prepared;
  }

  dispose(): void {
    for (const prepared of this.prepared.values()) disposePrepared(prepared);
    this.prepared.clear();
  }

  private async prepare(shapes: readonly (readonly number[])[]): Promise<PreparedGraph> {
    const graph = this.model.lowerGraph?.(shapes) ?? this.declared;
    if (opaqueOperators(graph).length > 0) throw unsupportedOperators(graph);
    await this.parameters.load(graph);
    const { graph: physical, layouts } = withPhysicalLayouts(
      graph,
      inferShapes(graph, this.model.tensors),
    );
    const { engineLayouts } = this.parameters;
    const ranks = this.parameters.ranksOf(graph);
    return prepareGraph({ graph: inEngineLayouts(physical, engineLayouts, ranks), layouts });
  }

  private forgetOldest(): void {
    for (const [key, prepared] of this.prepared) {
      if (this.prepared.size <= MAX_LOWERED_GRAPHS) return;
      this.prepared.delete(key);
      disposePrepared(prepared);
    }
  }
}
