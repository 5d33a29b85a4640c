import { existsSync } from 'node:fs';
import { UnsupportedError } from '../../../src/core/errors';
import type { Evaluation } from '../../../src/core/evaluation/evaluation';
import type { JobParams, JobProgress, JobRequests } from '../../../src/protocol/workerJob';
import { dyingOfMemory } from '../../../src/worker/outOfMemory';
import { serveParent } from '../../../src/worker/rpc/rpcServer';

function refuse(): Promise<never> {
  return Promise.reject(new UnsupportedError({ feature: 'run', found: 'x', supported: 'y' }));
}

/** The report goes out before the loop blocks everything, as a long kernel does. */
function spin(): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => {
      const end = Date.now() + 60_000;
      while (Date.now() < end);
      reject(new Error('nobody stopped this'));
    }, 50);
  });
}

async function fileThere(file: string): Promise<void> {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Where a second try is told by its smaller batch, it succeeds. */
function outcome({ path, data, batchDivisor = 1 }: JobParams<'evaluate'>): Promise<Evaluation> {
  const evaluated = { samples: batchDivisor, loss: 0, lossKind: 'mse' } as const;
  switch (path) {
    case 'crash':
      process.kill(process.pid, 'SIGKILL');
      return spin();
    case 'crash once':
      if (batchDivisor === 1) process.kill(process.pid, 'SIGKILL');
      return Promise.resolve(evaluated);
    case 'no memory once':
      if (batchDivisor === 1)
        return Promise.resolve(new Float64Array(2 ** 50)).then(() => evaluated);
      return Promise.resolve(evaluated);
    case 'short':
      return new Promise((resolve) => setTimeout(resolve, 200, evaluated));
    case 'until':
      return fileThere(data.file).then(() => evaluated);
    default:
      return spin();
  }
}

// A compute child that computes nothing: the path that it is given says how it fails.
serveParent<JobRequests, JobProgress>({
  run: refuse,
  compare: refuse,
  evaluateMany: refuse,
  score: refuse,
  reconstruct: refuse,
  checkNativeEngine: refuse,
  describeEngines: refuse,
  evaluate: dyingOfMemory((params: JobParams<'evaluate'>, { report }) => {
    report({ phase: 'evaluate-before', done: process.pid, total: 0 });
    return outcome(params);
  }),
});
