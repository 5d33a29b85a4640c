import type { ScoringPort } from '../core/criteria/scoringPort';
import type { EvaluateManyPort } from '../core/evaluation/evaluateMany';
import type { EvaluationPort } from '../core/evaluation/evaluateRequest';
import type { PipelinePorts } from '../core/recipe/pipeline';
import { measureBytes } from './measureBytes';
import { createModelOutput } from './modelOutput';
import { openModelFile } from './openModel';

/** The ports that run networks. */
export interface NetworkPorts extends EvaluateManyPort {
  readonly evaluation: EvaluationPort;
  readonly scoring: ScoringPort;
}

/** The pipeline's ports on this machine's files; networks are run by the caller, in a process of its own. */
export function nodePorts(networks: NetworkPorts): PipelinePorts {
  const open: PipelinePorts['openModel'] = (path, architecture) =>
    openModelFile(path, { architecture });
  return {
    openModel: open,
    openWritten: open,
    async createOutput({ path, output, replace }) {
      const original = await openModelFile(path);
      try {
        return await createModelOutput(original, { output, replace });
      } finally {
        await original.close();
      }
    },
    measureBytes,
    ...networks,
  };
}
