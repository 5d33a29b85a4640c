import assert from 'node:assert/strict';
import type { Evaluation } from '../../src/core/evaluation/evaluation';
import type { JobControl } from '../../src/core/progress';
import { evaluateFile } from '../../src/engines/jobs/evaluateFile';
import type { JobParams } from '../../src/protocol/workerJob';

/** Evaluates a model file on data that has labels. */
export async function evaluatedFile(
  params: JobParams<'evaluate'>,
  control: JobControl,
): Promise<Evaluation> {
  const evaluation = await evaluateFile(params, control);
  assert.ok(evaluation !== null, 'the data has labels');
  return evaluation;
}
