import { compareFiles } from '../engines/jobs/compareFiles';
import { evaluateFile } from '../engines/jobs/evaluateFile';
import { evaluateMany } from '../engines/jobs/evaluateMany';
import { runFile } from '../engines/jobs/runFile';
import { reconstructFile } from '../engines/scoring/reconstructFile';
import { scoreFile } from '../engines/scoring/scoreFile';
import { describeEngines } from '../engines/describeEngines';
import { checkTfjsNode } from '../engines/tfjsNode/checkTfjsNode';
import type { JobProgress, JobRequests } from '../protocol/workerJob';
import { dyingOfMemory } from './outOfMemory';
import { serveParent } from './rpc/rpcServer';

// Entry of a compute child: it answers one request and ends with its parent's channel.
serveParent<JobRequests, JobProgress>({
  evaluate: dyingOfMemory(evaluateFile),
  compare: dyingOfMemory(compareFiles),
  evaluateMany: dyingOfMemory(evaluateMany),
  run: dyingOfMemory(runFile),
  score: dyingOfMemory(scoreFile),
  reconstruct: dyingOfMemory(reconstructFile),
  checkNativeEngine: checkTfjsNode,
  describeEngines,
});
