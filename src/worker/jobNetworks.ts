import type { ScoreArrays, ScoreFacts } from '../core/criteria/scoringPort';
import type { JobControl } from '../core/progress';
import type { NetworkPorts } from '../node/nodePorts';
import { openModelFile } from '../node/openModel';
import { makeScoresFolder } from '../node/scoresFolder';
import type { JobMethod, JobParams, JobResult } from '../protocol/workerJob';
import { currentEngine } from './currentEngine';

/** Runs a job in a compute child. */
export type RunJob = <M extends JobMethod>(
  method: M,
  params: JobParams<M>,
  control: JobControl,
) => Promise<JobResult<M>>;

/** The pipeline's ports for networks, by jobs on the engine that is chosen when they begin. */
export function jobNetworks(run: RunJob): NetworkPorts {
  return {
    evaluation: {
      evaluate: async (request, control) =>
        run('evaluate', { ...request, engine: await currentEngine() }, control),
      compare: async (request, control) =>
        run('compare', { ...request, engine: await currentEngine() }, control),
    },
    scoring: {
      score: (request, control) =>
        withScores(async (output) =>
          run('score', { ...request, engine: await currentEngine(), output }, control),
        ),
      reconstruct: (request, control) =>
        withScores(async (output) =>
          run('reconstruct', { ...request, engine: await currentEngine(), output }, control),
        ),
    },
  };
}

/** Has a job write a file of scores and opens it; the file goes when it is closed. */
async function withScores(write: (output: string) => Promise<ScoreFacts>): Promise<ScoreArrays> {
  const folder = await makeScoresFolder();
  try {
    const facts = await write(folder.file);
    const opened = await openModelFile(folder.file);
    return {
      ...facts,
      arrays: opened.model,
      close: async () => {
        await opened.close();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
