import type { SweepPart } from '../../src/core/sweep/sweep';
import type { HostToPanel } from '../../src/protocol/hostWebview';
import type { ModelView, TensorStatisticsView } from '../../src/protocol/views';
import { isListed } from '../prediction/layerStatus';
import type { PanelState, RecipeState, ViewState } from './panelState';

type MessageOf<T extends HostToPanel['type']> = Extract<HostToPanel, { readonly type: T }>;

/** The state after a message of the host. */
export function reduceHost(state: PanelState, message: HostToPanel): PanelState {
  switch (message.type) {
    case 'model':
      return withModel(state, message);
    case 'statistics':
      return { ...state, statistics: withStatistics(state.statistics, message.statistics) };
    case 'recipe':
      return {
        ...state,
        recipe: withRecipe(state.recipe, message),
        cancelled: message.revision === state.recipe?.revision ? state.cancelled : null,
      };
    case 'data':
      return {
        ...state,
        data: { choices: message.choices, selected: message.selected, choosing: null },
      };
    case 'plan':
      // Also of the same recipe: its files may have changed.
      return { ...state, plan: message, units: null };
    case 'evaluation':
      return { ...state, evaluation: { ...message, sizes: message.sizes ?? null } };
    case 'sweep':
      return { ...state, sweep: message.sweep };
    case 'sweepPart':
      return withSweepPart(state, message.part);
    case 'sensitivity':
      return { ...state, sensitivity: message };
    case 'unitScores':
      return { ...state, units: message };
    case 'showPage':
      return { ...state, view: { ...state.view, page: message.page } };
    case 'progress':
      return withProgress(state, message);
    case 'result':
      return {
        ...state,
        result: message,
        view: shownResult(state.view),
      };
    case 'banner':
      return { ...state, banner: message.banner };
    case 'failure':
      return { ...state, failure: message.failure };
    case 'cancelled':
      return { ...state, cancelled: message.task };
    case 'selectLayer':
      return { ...state, view: { ...state.view, selected: message.layer } };
  }
}

/** A model. Read anew, what was known of the earlier bytes goes; else only its context is new. */
function withModel(state: PanelState, { model, context }: MessageOf<'model'>): PanelState {
  const selected = keptSelection(model, state.view.selected);
  const known = { ...state, model, context, view: { ...state.view, selected } };
  if (!state.isReopened) return known;
  return {
    ...known,
    statistics: new Map(),
    plan: null,
    evaluation: null,
    sweep: null,
    sensitivity: null,
    units: null,
    result: null,
    isReopened: false,
    view: { ...known.view, page: 'plan' },
  };
}

/** The selected layer if it is still there, else the first that can be pruned. */
function keptSelection(model: ModelView, selected: string | null): string | null {
  const listed = model.layers.filter(isListed);
  if (listed.some(({ name }) => name === selected)) return selected;
  return (listed.find(({ prunable }) => prunable) ?? listed[0])?.name ?? null;
}

function withStatistics(
  known: ReadonlyMap<string, TensorStatisticsView>,
  added: readonly TensorStatisticsView[],
): ReadonlyMap<string, TensorStatisticsView> {
  const all = new Map(known);
  for (const view of added) all.set(view.tensor, view);
  return all;
}

/**
 * The host's recipe. What was sent stays on the screen until the host has answered to all of it,
 * so that an answer to an earlier change does not take a later one back for a moment.
 */
function withRecipe(known: RecipeState | null, message: MessageOf<'recipe'>): RecipeState {
  const { recipe, revision, canUndo } = message;
  const sentCount = Math.max(0, (known?.sentCount ?? 0) - 1);
  const isAwaited = sentCount > 0 && known?.sent !== null;
  return {
    saved: recipe,
    revision,
    canUndo,
    sent: isAwaited ? (known?.sent ?? null) : null,
    sentCount,
    draft: known?.draft ?? null,
  };
}

function withProgress(state: PanelState, { task, report }: MessageOf<'progress'>): PanelState {
  if (task === null) return { ...state, running: null };
  const isNew = state.running?.task !== task;
  return {
    ...state,
    running: { task, report },
    isReopened: state.isReopened || (task === 'open' && state.model !== null),
    view: task === 'prune' && isNew ? { ...state.view, awaitsResult: true } : state.view,
    cancelled: isNew && task !== 'statistics' && task !== 'open' ? null : state.cancelled,
  };
}

function withSweepPart(state: PanelState, part: SweepPart): PanelState {
  const { sweep } = state;
  return sweep === null ? state : { ...state, sweep: { ...sweep, parts: [...sweep.parts, part] } };
}

/** The result of a prune opens when it comes; told again to a page drawn anew, it does not. */
function shownResult(view: ViewState): ViewState {
  return view.awaitsResult ? { ...view, page: 'result', awaitsResult: false } : view;
}
