import type {
  DenseArray,
  LossObjective,
  Objective,
  WeightedOutputs,
} from '../../../core/graph/executor';
import { bindInputs, GraphValues, runForward } from '../forwardPass';
import type { Parameters } from '../parameters';
import type { PreparedGraph } from '../preparedGraph';
import { nodeRunners, type TrainingRun } from '../training/nodeRunners';
import type { Turns } from '../turns';
import { GradientSums, runBackward } from './backwardPass';
import { differentiablePath } from './differentiablePath';
import { objectiveGradient } from './objective';
import { logitsCandidate, placeObjective } from './objectiveValues';

export interface Differentiation {
  readonly prepared: PreparedGraph;
  readonly parameters: Parameters;
  readonly inputs: readonly DenseArray[];
  readonly objective: Objective;
  /** Value ids of parameters, activations and inputs. */
  readonly wanted: readonly string[];
  /** Null: in inference. */
  readonly training: TrainingRun | null;
  readonly turns: Turns;
}

/** A run of a graph there and back; holds tensors until disposed. */
export interface Differentiated {
  readonly objective: number;
  /** Outputs and wanted values are there. */
  readonly values: GraphValues;
  /** Of the wanted values; none for those that the objective does not depend on. */
  readonly gradients: GradientSums;
  dispose(): void;
}

/**
 * One batch forward, keeping what the way back needs, and backward.
 * @throws UnsupportedError, UsageError, CancelledError; nothing is held then.
 */
export async function differentiate(request: Differentiation): Promise<Differentiated> {
  const { prepared, parameters, inputs, wanted, turns } = request;
  const values = new GraphValues(prepared, parameters);
  const gradients = new GradientSums();
  const dispose = (): void => {
    values.dispose();
    gradients.dispose();
  };
  try {
    const { graph } = prepared;
    bindInputs(graph, inputs, values);
    const path = differentiablePath(
      graph,
      wanted,
      graph.outputs.map(({ value }) => value),
    );
    const { forward, again } = nodeRunners(request.training);
    const kept = new Set([...path.kept, ...logitsCandidates(prepared, request.objective)]);
    await runForward({ prepared, values, runNode: forward, kept, turns });
    const objective = startBackward(request, values, gradients);
    const pass = { prepared, path, values, runNode: again, wanted: new Set(wanted), turns };
    await runBackward(pass, gradients);
    return { objective, values, gradients, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** An objective in parts that are added up. */
export function partsOf(objective: Objective): readonly (LossObjective | WeightedOutputs)[] {
  return objective.kind === 'losses' ? objective.losses : [objective];
}

/** Values that the objective may be taken of, beside the outputs. */
export function logitsCandidates(
  { graph }: PreparedGraph,
  objective: Objective,
): readonly string[] {
  return partsOf(objective).flatMap((part) => logitsCandidate(graph, part) ?? []);
}

/** @returns the value of the objective, its gradients at the values it is taken of being put into `sums`. */
export function startBackward(
  { prepared, objective }: Pick<Differentiation, 'prepared' | 'objective'>,
  values: GraphValues,
  sums: GradientSums,
): number {
  return partsOf(objective).reduce((sum, part) => sum + startPart(prepared, part, values, sums), 0);
}

function startPart(
  { graph }: PreparedGraph,
  part: LossObjective | WeightedOutputs,
  values: GraphValues,
  sums: GradientSums,
): number {
  const placed = placeObjective(graph, part, (value) => values.get(value).shape);
  const { value, gradients } = objectiveGradient(
    placed.objective,
    placed.values.map((output) => values.get(output)),
  );
  placed.values.forEach((output, i) => {
    const gradient = gradients[i] ?? null;
    if (gradient !== null) sums.add(output, gradient);
  });
  const [number = NaN] = value.dataSync();
  value.dispose();
  return number;
}
