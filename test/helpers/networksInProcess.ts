import type { JobControl } from '../../src/core/progress';
import type { PipelinePorts } from '../../src/core/recipe/pipeline';
import type { SweepPorts } from '../../src/core/sweep/sweepPorts';
import { compareFiles } from '../../src/engines/jobs/compareFiles';
import { evaluateFile } from '../../src/engines/jobs/evaluateFile';
import { evaluateMany } from '../../src/engines/jobs/evaluateMany';
import { reconstructFile } from '../../src/engines/scoring/reconstructFile';
import { scoreFile } from '../../src/engines/scoring/scoreFile';
import { nodePorts } from '../../src/node/nodePorts';
import type { JobMethod, JobParams, JobResult } from '../../src/protocol/workerJob';
import { jobNetworks } from '../../src/worker/jobNetworks';

type Jobs = {
  readonly [M in JobMethod]?: (params: JobParams<M>, control: JobControl) => Promise<JobResult<M>>;
};

const JOBS: Jobs = {
  evaluate: evaluateFile,
  compare: compareFiles,
  evaluateMany,
  score: scoreFile,
  reconstruct: reconstructFile,
};

/** The ports of a sweep whose jobs run here instead of in children, each told of before it begins. */
export function networksInProcess(
  onJob: (method: JobMethod) => void = () => undefined,
): SweepPorts & PipelinePorts {
  const networks = jobNetworks((method, params, control) => {
    const job = JOBS[method];
    if (job === undefined) throw new Error(`no ${method} here`);
    onJob(method);
    return job(params, control);
  }, 2);
  return { ...nodePorts(networks), ...networks, concurrency: 2 };
}
