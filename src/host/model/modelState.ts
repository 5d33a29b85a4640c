import type { Comparison } from '../../core/evaluation/comparison';
import type { Evaluation } from '../../core/evaluation/evaluation';
import type { SensitivityResult } from '../../core/sweep/sensitivity';
import type { Plan } from '../../core/report/plan';
import type {
  Banner,
  DataChoice,
  HostToPanel,
  PanelContext,
  PanelFailure,
  PruneResult,
  SweepRun,
} from '../../protocol/hostWebview';
import type { DataView, ModelView, TensorStatisticsView } from '../../protocol/views';

/** What is known of one opened model, as it was said last. */
export interface ModelState {
  model: ModelView | null;
  context: PanelContext | null;
  readonly statistics: Map<string, TensorStatisticsView>;
  data: { readonly choices: readonly DataChoice[]; readonly selected: DataView | null } | null;
  plan: { readonly plan: Plan; readonly revision: number } | null;
  evaluation: {
    readonly before: Evaluation | null;
    readonly after: Evaluation | null;
    readonly comparison: Comparison | null;
    readonly revision: number;
  } | null;
  sweep: SweepRun | null;
  sensitivity: { readonly result: SensitivityResult; readonly revision: number } | null;
  result: { readonly result: PruneResult; readonly revision: number } | null;
  banner: Banner | null;
  failure: PanelFailure | null;
}

export function emptyState(): ModelState {
  return {
    model: null,
    context: null,
    statistics: new Map(),
    data: null,
    plan: null,
    evaluation: null,
    sweep: null,
    sensitivity: null,
    result: null,
    banner: null,
    failure: null,
  };
}

/** Keeps what a message says, so that {@link replay} can say it again. Changes `state`. */
export function remember(state: ModelState, message: HostToPanel): void {
  switch (message.type) {
    case 'model':
      state.model = message.model;
      state.context = message.context;
      return;
    case 'statistics':
      for (const entry of message.statistics) state.statistics.set(entry.tensor, entry);
      return;
    case 'data':
      state.data = message;
      return;
    case 'plan':
      state.plan = message;
      return;
    case 'evaluation':
      state.evaluation = message;
      return;
    case 'sweep':
      state.sweep = message.sweep;
      return;
    case 'sweepPart':
      if (state.sweep !== null) {
        state.sweep = { ...state.sweep, parts: [...state.sweep.parts, message.part] };
      }
      return;
    case 'sensitivity':
      state.sensitivity = message;
      return;
    case 'result':
      state.result = message;
      return;
    case 'banner':
      state.banner = message.banner;
      return;
    case 'failure':
      state.failure = message.failure;
      return;
    case 'recipe':
    case 'progress':
    case 'cancelled':
    case 'selectLayer':
    case 'showPage':
    case 'unitScores':
      return;
  }
}

/** Everything that a page which was just drawn has to be told, besides recipe and progress. */
export function replay(state: ModelState): readonly HostToPanel[] {
  const messages: HostToPanel[] = [];
  const { model, context, data, plan, evaluation, result, banner, failure } = state;
  const { sweep, sensitivity } = state;
  if (model !== null && context !== null) messages.push({ type: 'model', model, context });
  if (data !== null) messages.push({ ...data, type: 'data' });
  if (state.statistics.size > 0) {
    messages.push({ type: 'statistics', statistics: [...state.statistics.values()] });
  }
  if (plan !== null) messages.push({ ...plan, type: 'plan' });
  if (evaluation !== null) messages.push({ ...evaluation, type: 'evaluation' });
  if (sweep !== null) messages.push({ type: 'sweep', sweep });
  if (sensitivity !== null) messages.push({ ...sensitivity, type: 'sensitivity' });
  if (result !== null) messages.push({ ...result, type: 'result' });
  messages.push({ type: 'banner', banner }, { type: 'failure', failure });
  return messages;
}
