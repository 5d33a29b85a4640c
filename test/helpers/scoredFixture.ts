import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Criterion, CriterionOptions } from '../../src/core/criteria/criterion';
import { readTensorValues } from '../../src/core/model/readTensor';
import { unattended } from '../../src/core/progress';
import type { Architecture, DataRecipe } from '../../src/core/recipe/recipe';
import { scoreFile } from '../../src/engines/scoring/scoreFile';
import { openModelFile } from '../../src/node/openModel';
import { fixturePath, temporaryFolder } from './fixtures';

/** A model below test/fixtures with data to score it on. */
export interface ScoredFixture {
  readonly fixture: string;
  /** Its file below test/fixtures, or absolute. */
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
  { fixture, data, architecture }: ScoredFixture,
  { criterion, options = {}, tensors, seed = 0, batchDivisor = 1 }: WantedScores,
): Promise<ReadonlyMap<string, Float64Array>> {
  const output = path.join(await temporaryFolder(t), 'scores.npz');
  await scoreFile(
    {
      path: fixturePath(fixture),
      architecture: architecture ?? null,
      cuts: [],
      criterion,
      options,
      tensors,
      data: { ...data, file: fixturePath(data.file) },
      seed,
      batchDivisor,
      output,
    },
    unattended,
  );
  const opened = await openModelFile(output);
  try {
    const scores = new Map<string, Float64Array>();
    for (const tensor of opened.model.tensors) {
      const values = await readTensorValues(opened.model, tensor);
      scores.set(tensor.name, Float64Array.from(values, Number));
    }
    return scores;
  } finally {
    await opened.close();
  }
}
