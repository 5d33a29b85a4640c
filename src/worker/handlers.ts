import type { ScoringPort } from '../core/criteria/scoringPort';
import type { JobControl } from '../core/progress';
import { pruneRecipe } from '../core/recipe/pipeline';
import type { PipelinePorts } from '../core/recipe/pipeline';
import type { Recipe } from '../core/recipe/recipe';
import type { Plan, PlanEntry } from '../core/report/plan';
import { planPrune } from '../core/selection/planPrune';
import { planScoring } from '../core/selection/planScoring';
import { measureSensitivity } from '../core/sweep/measureSensitivity';
import { runSweep } from '../core/sweep/runSweep';
import type { SweepPorts } from '../core/sweep/sweepPorts';
import { auditFile } from '../node/auditFile';
import { convertToSafetensors } from '../node/convertToSafetensors';
import { describeData } from '../node/data/describeData';
import { removeAbandoned } from '../node/abandonedFolders';
import { nodePorts } from '../node/nodePorts';
import { openModelFile } from '../node/openModel';
import { packFile } from '../node/packFile';
import type { WorkerProgress, WorkerRequests } from '../protocol/hostWorker';
import { useEngine } from './currentEngine';
import { evaluatePlan, networksInJobs } from './evaluatePlan';
import { findEqualTensors } from './findEqualTensors';
import { installNativeEngine } from './installNativeEngine';
import { defaultJobLimit } from './jobPool';
import { type ModelSession, ModelSessions } from './modelSessions';
import { modelView } from './modelView';
import { readStatistics } from './readStatistics';
import { readUnitScores } from './readUnitScores';
import type { Handlers, RequestControl } from './rpc/requestMap';
import { ScoreCache } from './scoreCache';
import { throttledReport } from './throttledReport';

/** What the worker does for each request of the host: the core's pipeline on files it keeps open. */
export function workerHandlers(): Handlers<WorkerRequests, WorkerProgress> {
  const sessions = new ModelSessions(new ScoreCache(networksInJobs.scoring));
  const ports: PipelinePorts = {
    ...nodePorts(networksInJobs),
    openModel: (path, architecture) => sessions.open(path, architecture),
  };
  return {
    openModel: ({ path, architecture }) =>
      sessions.with(path, architecture ?? null, ({ opened }) =>
        Promise.resolve(modelView(opened.model, opened.path)),
      ),
    readStatistics: ({ path, first }, control) =>
      sessions.with(path, null, (session) => readStatistics(session, first ?? [], control)),
    measureNext: ({ path, tensors }) =>
      sessions.with(path, null, ({ measuring }) => {
        measuring?.prefer(tensors);
        return Promise.resolve({ isMeasuring: measuring !== null });
      }),
    findEqualTensors: ({ path, candidates }, { signal }) =>
      sessions.with(path, null, async ({ opened }) => ({
        groups: await findEqualTensors(opened.model, candidates, signal),
      })),
    plan: ({ path, recipe }, control) =>
      sessions.with(path, recipe.architecture ?? null, (session) =>
        planForView(session, recipe, jobControl(control)),
      ),
    unitScores: (params, control) =>
      sessions.with(params.path, params.recipe.architecture ?? null, (session) =>
        readUnitScores(session, params, jobControl(control)),
      ),
    evaluate: (params, control) =>
      sessions.with(params.path, params.recipe.architecture ?? null, (session) =>
        evaluatePlan(session, params, jobControl(control)),
      ),
    sweep: (params, control) =>
      sessions.with(params.path, params.recipe.architecture ?? null, ({ scoring }) =>
        runSweep(params, sweepPorts(ports, scoring), {
          ...jobControl(control),
          onPart: (part) => control.report({ kind: 'sweepPart', part }),
        }),
      ),
    sensitivity: (params, control) =>
      sessions.with(params.path, params.recipe.architecture ?? null, ({ scoring }) =>
        measureSensitivity(params, sweepPorts(ports, scoring), jobControl(control)),
      ),
    prune: (params, control) =>
      sessions.with(params.path, params.recipe.architecture ?? null, ({ scoring }) =>
        pruneRecipe(params, { ...ports, scoring }, jobControl(control)),
      ),
    useEngine: (wish) => {
      useEngine(wish);
      return Promise.resolve(null);
    },
    installNativeEngine: ({ folder }, control) => installNativeEngine(folder, jobControl(control)),
    clearUp: async ({ folder }) => {
      await removeAbandoned(folder);
      return { folder };
    },
    pack: async ({ path, output }, control) => {
      const packed = await packFile(path, output, jobControl(control));
      const { bytesBefore, bytesAfter } = packed;
      return { output: packed.output, bytesBefore, bytesAfter };
    },
    convert: ({ path, output, replace, includeOptimizer }, control) =>
      convertToSafetensors(path, output, { replace, includeOptimizer }, jobControl(control)),
    audit: ({ path }) => auditFile(path),
    describeData: ({ path, modelPath, architecture, csv }) =>
      modelPath === null
        ? describeData(path, null, csv)
        : sessions.with(modelPath, architecture ?? null, ({ opened }) =>
            describeData(path, opened.model, csv),
          ),
  };
}

/** A plan as the host gets it: weights and masks never cross. */
async function planForView(
  { opened: { path, model }, scoring: port }: ModelSession,
  recipe: Recipe,
  control: JobControl,
): Promise<Plan> {
  const scoring = planScoring(port, path, recipe, openModelFile);
  const plan = await planPrune(model, recipe, control, scoring);
  return { ...plan, entries: plan.entries.map(withoutWeights) };
}

/** Networks in children side by side; scores as they were found of the open model. */
function sweepPorts(ports: PipelinePorts, scoring: ScoringPort): SweepPorts {
  return { ...networksInJobs, ...ports, scoring, concurrency: defaultJobLimit() };
}

function withoutWeights(entry: PlanEntry): PlanEntry {
  const { threshold, tieLimit, unitMap, zeroedUnits } = entry.cut;
  return { ...entry, cut: { threshold, tieLimit, unitMap, zeroedUnits } };
}

/** A request's control as the core takes it. */
function jobControl({ signal, report }: RequestControl<WorkerProgress>): JobControl & {
  readonly signal: AbortSignal;
} {
  const passOn = throttledReport((progress) => report({ kind: 'progress', report: progress }));
  return { signal, report: passOn };
}
