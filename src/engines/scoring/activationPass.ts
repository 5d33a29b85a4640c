import type { DenseArray, ObservedValue } from '../../core/graph/executor';
import type { Graph } from '../../core/graph/graph';
import { inferShapes, type ValueShapes } from '../../core/graph/inferShapes';
import { planBatches } from '../jobs/batchPlan';
import { fillUp, readBatches } from '../jobs/runBatches';
import type { ScoringRun } from './scoringRun';

/**
 * Sees a value of a batch; good only during the call.
 * @param weight how often it counts: negative where it takes away what was seen too often
 */
export type WeightedObserver = (value: ObservedValue, weight: number) => void;

/** What is looked at in a graph, by value id. */
export type MakeObservers = (
  graph: Graph,
  shapes: ValueShapes,
) => ReadonlyMap<string, WeightedObserver>;

/** Inputs of a batch that count `weight` times. */
export interface WeightedInputs {
  readonly inputs: readonly DenseArray[];
  readonly weight: number;
}

/** Shows values of the network on all data, batch by batch; one forward pass. */
export async function observeData(run: ScoringRun, makeObservers: MakeObservers): Promise<void> {
  const watching = new GraphWatching(run, makeObservers);
  const { size } = batchPlanOf(run);
  for await (const { batch, sampleCount } of readBatches(run.dataset, size, run.control)) {
    for (const part of wholeBatches(run, batch.inputs, sampleCount)) await watching.run(part);
  }
}

/** Larger batches than where gradients are wanted: values are let go of on the way. */
function batchPlanOf({ graph, model, dataset, request }: ScoringRun): { readonly size: number } {
  const subject = { graph, tensors: model.tensors, sampleShapes: dataset.sampleShapes };
  return planBatches(subject, request.batchDivisor);
}

/**
 * A batch in the sizes that the network takes. Where it takes one size only, the last batch is filled up with its
 * last sample, and what that adds is taken away by a batch of that sample alone: whatever axis of a value the
 * samples lie on.
 */
export function wholeBatches(
  { fixedSize }: ScoringRun,
  inputs: readonly DenseArray[],
  sampleCount: number,
): readonly WeightedInputs[] {
  if (fixedSize === null || fixedSize === sampleCount) return [{ inputs, weight: 1 }];
  const filled = inputs.map((input) => fillUp(input, sampleCount, fixedSize));
  const last = inputs.map((input) => fillUp(lastOf(input, sampleCount), 1, fixedSize));
  return [
    { inputs: filled, weight: 1 },
    { inputs: last, weight: (sampleCount - fixedSize) / fixedSize },
  ];
}

function lastOf({ shape, values }: DenseArray, sampleCount: number): DenseArray {
  const size = values.length / sampleCount;
  return { shape: [1, ...shape.slice(1)], values: values.subarray(values.length - size) };
}

/** Runs batches and shows their values; where a graph is lowered for each shape, once for each. */
export class GraphWatching {
  private readonly known = new Map<string, ReadonlyMap<string, WeightedObserver>>();

  constructor(
    private readonly scoring: ScoringRun,
    private readonly makeObservers: MakeObservers,
  ) {}

  async run({ inputs, weight }: WeightedInputs): Promise<void> {
    const { executor, control } = this.scoring;
    const observers = [...this.observersFor(inputs.map(({ shape }) => shape))].map(
      ([value, observer]) =>
        [value, (seen: ObservedValue): void => observer(seen, weight)] as const,
    );
    await executor.observe(inputs, new Map(observers), control.signal);
  }

  private observersFor(
    inputShapes: readonly (readonly number[])[],
  ): ReadonlyMap<string, WeightedObserver> {
    const key = JSON.stringify(inputShapes);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const { model, graph: declared } = this.scoring;
    const graph = model.lowerGraph?.(inputShapes) ?? declared;
    const made = this.makeObservers(graph, inferShapes(graph, model.tensors, inputShapes));
    this.known.set(key, made);
    return made;
  }
}
