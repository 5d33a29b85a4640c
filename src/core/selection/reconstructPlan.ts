import { type Criterion, CRITERION_TRAITS, type CriterionOptions } from '../criteria/criterion';
import type { ReconstructTarget, ScoreFacts } from '../criteria/scoringPort';
import { type Model, tensorNamed } from '../model/model';
import { readTensorValues } from '../model/readTensor';
import type { JobControl } from '../progress';
import type { Recipe } from '../recipe/recipe';
import type { PlanEntry } from '../report/plan';
import { maskOfCut } from './maskOfCut';
import type { PlanScoring } from './planScoring';
import { reconstructTarget } from './reconstructTarget';
import type { SelectionResult } from './selected';
import { tallyUpdated } from './tallyUpdated';

/** What a plan selected, and what it needs to update the weights that stay. */
export interface ReconstructJob {
  readonly model: Model;
  readonly recipe: Recipe;
  readonly scoring: PlanScoring;
  readonly control: JobControl;
  readonly selection: SelectionResult;
  /** Of the scores. */
  readonly facts: ScoreFacts | null;
}

/** The entries with their new weights, and how those came about. */
export interface Reconstructed {
  readonly entries: readonly PlanEntry[];
  /** Of scores and update; null where neither looked at data. */
  readonly facts: ScoreFacts | null;
}

/**
 * Updates the weights that stay, layer by layer, so that each layer's output on the data changes least. Criteria that
 * reconstruct decide themselves which weights of a layer go where a share of them is to, going through the layer in
 * their own way: the selection then only says how many. Otherwise what was selected goes, and the rest is solved for.
 * Inputs are those of the network as it is in the file, whatever the other layers lose; weights that recovered between
 * the steps of a schedule stay as they became.
 * @throws UsageError where there is no data; what running the network throws; CancelledError.
 */
export async function reconstructPlan(
  entries: readonly PlanEntry[],
  job: ReconstructJob,
): Promise<Reconstructed> {
  const method = reconstructionOf(job.recipe);
  const open = entries.filter(({ cut }) => cut.values === undefined);
  if (method === null || open.length === 0) return { entries, facts: job.facts };
  const targets: ReconstructTarget[] = [];
  for (const entry of open) {
    targets.push(
      reconstructTarget(entry, job) ?? { kind: 'mask', mask: await maskOfCut(job.model, entry) },
    );
  }
  const request = { ...method, tensors: open.map(({ tensor }) => tensor), targets, cuts: [] };
  const solved = await job.scoring.reconstruct(request, job.control);
  try {
    const updated: PlanEntry[] = [];
    for (const entry of entries) {
      const target = targets[open.indexOf(entry)];
      updated.push(
        target === undefined ? entry : await withNewWeights(job, { entry, target }, solved.arrays),
      );
    }
    const { samples, engine, notes = [] } = solved;
    const all = new Set([...(job.facts?.notes ?? []), ...notes]);
    return { entries: updated, facts: { samples, engine, notes: [...all] } };
  } finally {
    await solved.close();
  }
}

/** By which method weights are updated; null where they stay as they are. */
function reconstructionOf({
  criterion,
  options = {},
  reconstruction,
}: Recipe): { readonly criterion: Criterion; readonly options: CriterionOptions } | null {
  if (CRITERION_TRAITS[criterion].reconstructs === true) return { criterion, options };
  if (reconstruction === undefined) return null;
  const { damping } = reconstruction;
  return { criterion: reconstruction.kind, options: damping === undefined ? {} : { damping } };
}

/** The entry with a mask of what is zero now, and with the new weights. */
async function withNewWeights(
  { model }: ReconstructJob,
  { entry, target }: { readonly entry: PlanEntry; readonly target: ReconstructTarget },
  arrays: Model,
): Promise<PlanEntry> {
  const tensor = tensorNamed(model, entry.tensor);
  const found = await readTensorValues(arrays, tensorNamed(arrays, entry.tensor));
  const mask = new Uint8Array(Math.ceil(found.length / 8));
  found.forEach((value, i) => {
    if (value === 0) mask[i >>> 3] = (mask[i >>> 3] ?? 0) | (1 << (i & 7));
    // What is not finite was not solved for, and stays as it is.
    else if (!Number.isFinite(value)) found[i] = NaN;
  });
  const values = tensor.dtype === 'float32' ? Float32Array.from(found) : found;
  // Where weights went one after the other, with updates between, no one score says which.
  const isTold = target.kind === 'mask';
  const cut = { ...entry.cut, mask, values, ...(isTold ? {} : { threshold: null }) };
  const zerosAfter = await tallyUpdated(model, tensor, cut);
  return { ...entry, cut, zerosAfter, ...(isTold ? {} : { threshold: null }) };
}
