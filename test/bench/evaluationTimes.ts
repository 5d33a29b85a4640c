// Evaluating the 1,000 MNIST test digits in a compute child: how long it takes, and how soon a cancel lands.
import path from 'node:path';
import { CancelledError } from '../../src/core/errors';
import type { JobParams, JobProgress } from '../../src/protocol/workerJob';
import { runJob } from '../../src/worker/jobClient';
import { fixturePath, projectRoot } from '../helpers/fixtures';

/** Convolutional networks of every format that runs. */
export const EVALUATED_FIXTURES: readonly string[] = [
  'keras/lenet5.keras',
  'keras/resbn.keras',
  'tfjs/lenet5',
  'tfjs/resbn',
  'onnx/lenet5_legacy.onnx',
  'onnx/resnet_bn_folded.onnx',
  'onnx/mobilenet_bn_folded.onnx',
  'onnx/densenet_bn_unfolded.onnx',
];

/** Of one evaluation. */
export interface EvaluationTimes {
  readonly seconds: number;
  /** Progress reports on the way. */
  readonly reports: number;
  readonly correct: number;
  /** From a cancel amid the run to its rejection. */
  readonly cancelMs: number;
}

/** Times one fixture of {@link EVALUATED_FIXTURES}, from the fork to the result. */
export async function timeEvaluation(fixture: string): Promise<EvaluationTimes> {
  let reports = 0;
  const start = performance.now();
  const found = await evaluate(fixture, undefined, () => {
    reports += 1;
  });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, reports, correct: found?.correct ?? NaN, cancelMs: await timeCancel(fixture) };
}

async function timeCancel(fixture: string): Promise<number> {
  const controller = new AbortController();
  let cancelled = NaN;
  const cancel = (): void => {
    cancelled = performance.now();
    controller.abort();
  };
  try {
    await evaluate(fixture, controller.signal, ({ done }) => {
      // Some way into the second batch, while kernels run.
      if (done > 0 && Number.isNaN(cancelled)) setTimeout(cancel, 20);
    });
  } catch (error) {
    if (error instanceof CancelledError) return performance.now() - cancelled;
    throw error;
  }
  return NaN;
}

function evaluate(
  fixture: string,
  signal: AbortSignal | undefined,
  report: (progress: JobProgress) => void,
) {
  const params: JobParams<'evaluate'> = {
    path: fixturePath(fixture),
    architecture: null,
    cuts: [],
    data: { file: fixturePath('datasets/mnist.npz'), split: 'test', scale: 1 / 255 },
    seed: 0,
  };
  const entry = path.join(projectRoot, 'dist/job.js');
  return runJob('evaluate', params, { entry, signal, report });
}
