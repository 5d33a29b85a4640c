import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Criterion, CriterionOptions } from '../../src/core/criteria/criterion';
import type { ScoreArrays } from '../../src/core/criteria/scoringPort';
import { readTensorValues } from '../../src/core/model/readTensor';
import { unattended } from '../../src/core/progress';
import type { Architecture, DataRecipe } from '../../src/core/recipe/recipe';
import type { PlanScoring } from '../../src/core/selection/planScoring';
import { scoreFile } from '../../src/engines/scoring/scoreFile';
import { openModelFile } from '../../src/node/openModel';
import { fixturePath, temporaryFolder } from './fixtures';

/** A model with data to score it on; files are absolute, or below test/fixtures. */
export interface ScoredFixture {
  readonly fixture: string;
  readonly data: DataRecipe;
  readonly architecture?: Architecture;
}

export interface WantedScores {
  readonly criterion: Criterion;
  readonly options?: CriterionOptions;
  readonly tensors: readonly string[];
  readonly seed?: number;
  readonly batchDivisor?: number;
}

/** Scores by tensor, as the compute child writes them. */
export async function scoresOnData(
  t: TestContext,
  given: ScoredFixture,
  wanted: WantedScores,
): Promise<ReadonlyMap<string, Float64Array>> {
  const opened = await openScores(t, given, { options: {}, ...wanted });
  const scores = new Map<string, Float64Array>();
  for (const tensor of opened.arrays.tensors) {
    const values = await readTensorValues(opened.arrays, tensor);
    scores.set(tensor.name, Float64Array.from(values, Number));
  }
  return scores;
}

/** What a plan asks of the network, found in this process instead of a compute child. */
export function scoringHere(t: TestContext, given: ScoredFixture): PlanScoring {
  return {
    score: (request) => openScores(t, given, request),
    reconstruct: () => Promise.reject(new Error('nothing is reconstructed here')),
    sensitivity: () => Promise.reject(new Error('no sensitivity is measured here')),
  };
}

/** Scores, closed when the test ends. */
async function openScores(
  t: TestContext,
  { fixture, data, architecture }: ScoredFixture,
  wanted: WantedScores & { readonly options: CriterionOptions },
): Promise<ScoreArrays> {
  const output = path.join(await temporaryFolder(t), 'scores.npz');
  const request = {
    path: placeOf(fixture),
    architecture: architecture ?? null,
    cuts: [],
    data: { ...data, file: placeOf(data.file) },
    seed: 0,
    ...wanted,
    output,
  };
  const facts = await scoreFile(request, unattended);
  const opened = await openModelFile(output);
  t.after(() => opened.close());
  return { ...facts, arrays: opened.model, close: () => opened.close() };
}

function placeOf(file: string): string {
  return path.isAbsolute(file) ? file : fixturePath(file);
}
