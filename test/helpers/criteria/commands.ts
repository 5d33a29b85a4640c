// What the commands `scores`, `plan` and `prune` do, with networks run in this process instead of a child of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import type { Model } from '../../../src/core/model/model';
import { tensorNamed } from '../../../src/core/model/model';
import { readTensorValues } from '../../../src/core/model/readTensor';
import { unattended } from '../../../src/core/progress';
import { parseRecipe } from '../../../src/core/recipe/parseRecipe';
import { planRecipe, pruneRecipe } from '../../../src/core/recipe/pipeline';
import type { Plan, PlanEntry } from '../../../src/core/report/plan';
import { planScoring } from '../../../src/core/selection/planScoring';
import { writeScores } from '../../../src/core/selection/writeScores';
import { openModelFile } from '../../../src/node/openModel';
import { writeAtomically } from '../../../src/node/writeAtomically';
import { fixturePath } from '../fixtures';
import { networksInProcess } from '../networksInProcess';

/** An array that a command wrote. */
export interface FoundArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** The ports of the pipeline. */
export const ports = networksInProcess();

/** Scores as `scores` writes them, by tensor. */
export async function scoresOf(
  fixture: string,
  fields: object,
): Promise<ReadonlyMap<string, FoundArray>> {
  const recipe = parseRecipe(fields, fixture);
  const file = fixturePath(fixture);
  return withFolder(async (folder) => {
    const output = path.join(folder, 'scores.npz');
    const opened = await openModelFile(file, { architecture: recipe.architecture ?? null });
    try {
      const scoring = planScoring(ports.scoring, file, recipe);
      const job = { model: opened.model, recipe, scoring, control: unattended };
      await writeAtomically(output, async (sink) => {
        await writeScores(job, sink);
      });
    } finally {
      await opened.close();
    }
    return arraysOf(output);
  });
}

/** The plan as `plan` makes it. */
export async function planOf(fixture: string, fields: object): Promise<Plan> {
  const recipe = parseRecipe(fields, fixture);
  const { plan } = await planRecipe({ path: fixturePath(fixture), recipe }, ports, unattended);
  return plan;
}

/** The tensors of the file that `prune` writes. */
export async function prunedArrays(
  fixture: string,
  fields: object,
): Promise<ReadonlyMap<string, FoundArray>> {
  const recipe = parseRecipe(fields, fixture);
  return withFolder(async (folder) => {
    const output = path.join(folder, path.basename(fixture));
    const request = { path: fixturePath(fixture), recipe, output, replace: true };
    await pruneRecipe(request, ports, unattended);
    return arraysOf(output);
  });
}

/** All tensors of a file in C order. */
export async function arraysOf(file: string): Promise<ReadonlyMap<string, FoundArray>> {
  return withModel(file, async (model) => {
    const arrays = new Map<string, FoundArray>();
    for (const tensor of model.tensors) {
      const values = Float64Array.from(await readTensorValues(model, tensor), Number);
      arrays.set(tensor.name, { shape: tensor.shape, values });
    }
    return arrays;
  });
}

/** What a planned tensor becomes, with its cut applied. */
export async function cutArrays(
  fixture: string,
  entries: readonly PlanEntry[],
): Promise<readonly FoundArray[]> {
  return withModel(fixturePath(fixture), async (model) => {
    const arrays: FoundArray[] = [];
    for (const entry of entries) {
      const tensor = tensorNamed(model, entry.tensor);
      const values = Float64Array.from(await readTensorValues(model, tensor, entry.cut), Number);
      arrays.push({ shape: tensor.shape, values });
    }
    return arrays;
  });
}

/** SHA-256 of what is kept as the oracles hold it: a byte a weight, 1 = kept. */
export function keptDigest({ values }: FoundArray): string {
  const mask = Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  return createHash('sha256').update(mask).digest('hex');
}

/** A matrix [rows, columns] as [columns, rows]. */
export function transposedArray({ shape, values }: FoundArray): FoundArray {
  const [rows = 0, columns = 0] = shape;
  const turned = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
  return { shape: [columns, rows], values: turned };
}

async function withModel<T>(file: string, use: (model: Model) => Promise<T>): Promise<T> {
  const opened = await openModelFile(file);
  try {
    return await use(opened.model);
  } finally {
    await opened.close();
  }
}

/** A folder that is removed afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'secateur-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
