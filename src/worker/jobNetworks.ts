import type { ScoreArrays, ScoreFacts, ScoringPort } from '../core/criteria/scoringPort';
import type { JobControl } from '../core/progress';
import type { OpenedModel } from '../core/recipe/pipeline';
import type { Architecture } from '../core/recipe/recipe';
import { measureSensitivity } from '../core/sweep/measureSensitivity';
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

/**
 * The pipeline's ports for networks, by jobs on the engine that is chosen when they begin.
 * @param concurrency how many jobs `run` runs at a time
 */
export function jobNetworks(run: RunJob, concurrency = 1): NetworkPorts {
  const evaluateMany: NetworkPorts['evaluateMany'] = async (request, control) =>
    run('evaluateMany', { ...request, engine: await currentEngine() }, control);
  const scoring: ScoringPort = {
    score: (request, control) =>
      withScores(async (output) =>
        run('score', { ...request, engine: await currentEngine(), output }, control),
      ),
    reconstruct: (request, control) =>
      withScores(async (output) =>
        run('reconstruct', { ...request, engine: await currentEngine(), output }, control),
      ),
    sensitivity: (request, control) =>
      measureSensitivity(request, { openModel, scoring, evaluateMany, concurrency }, control),
  };
  return {
    evaluation: {
      evaluate: async (request, control) =>
        run('evaluate', { ...request, engine: await currentEngine() }, control),
      compare: async (request, control) =>
        run('compare', { ...request, engine: await currentEngine() }, control),
    },
    scoring,
    evaluateMany,
  };
}

function openModel(path: string, architecture: Architecture | null): Promise<OpenedModel> {
  return openModelFile(path, { architecture });
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
