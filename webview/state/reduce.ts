import type { Recipe } from '../../src/core/recipe/recipe';
import type { PanelToHost } from '../../src/protocol/hostWebview';
import type { PanelAction, Step } from './actions';
import { omit } from './omit';
import { currentRecipe, isBusy, type PanelState, type RecipeState } from './panelState';
import { reduceHost } from './reduceHost';
import { reduceView } from './reduceView';

type PanelStep = Step<PanelState>;

/** The state after an action, and what the host is told of it. */
export function reduce(state: PanelState, action: PanelAction): PanelStep {
  switch (action.type) {
    case 'host':
      return still(reduceHost(state, action.message));
    case 'draft':
      return still(withRecipeState(state, { draft: action.recipe }));
    case 'commit':
      return commit(state);
    case 'revert':
      return still(withRecipeState(state, { draft: null }));
    case 'change':
      return send(state, action.recipe);
    case 'changeData':
      return changeData(state, action);
    case 'chooseData':
      return chooseData(state, action.path);
    case 'sweep':
      return afterCommit(state, { type: 'sweep', ...action.order });
    case 'sensitivity':
      return afterCommit(state, action);
    case 'ask':
      return afterCommit(state, { type: action.wish });
    case 'select':
      return select(state, action.layer);
    case 'sort':
    case 'filter':
    case 'editOverride':
    case 'menu':
    case 'typeField':
    case 'refuseField':
    case 'endField':
    case 'toggle':
    case 'togglePane':
    case 'showTab':
    case 'showPage':
    case 'compareForm':
    case 'cursor':
    case 'resizeSash':
      return still({ ...state, view: reduceView(state.view, action) });
  }
}

function still(state: PanelState): PanelStep {
  return { state, send: [] };
}

/** Changes what is known of the recipe; while a job runs, the plan stays as it is. */
function withRecipeState(state: PanelState, change: Partial<RecipeState>): PanelState {
  if (state.recipe === null || isBusy(state)) return state;
  return { ...state, recipe: { ...state.recipe, ...change }, cancelled: null };
}

function commit(state: PanelState): PanelStep {
  const draft = state.recipe?.draft ?? null;
  return draft === null ? still(state) : send(state, draft);
}

function send(state: PanelState, recipe: Recipe): PanelStep {
  if (state.recipe === null || isBusy(state)) return still(state);
  const base = state.recipe.sent ?? state.recipe.saved;
  if (isEqual(recipe, base)) return still(withRecipeState(state, { draft: null }));
  const sentCount = state.recipe.sentCount + 1;
  return {
    state: withRecipeState(state, { draft: null, sent: recipe, sentCount }),
    send: [{ type: 'changeRecipe', recipe }],
  };
}

/** Both are plain data that crosses as JSON; an equal text is an equal value. */
function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function changeData(
  state: PanelState,
  { data }: Extract<PanelAction, { readonly type: 'changeData' }>,
): PanelStep {
  const recipe = currentRecipe(state);
  if (state.recipe === null || recipe === null || isBusy(state)) return still(state);
  if (isEqual(recipe.data, data)) return still(state);
  const sentCount = state.recipe.sentCount + 1;
  return {
    state: withRecipeState(state, { sent: { ...recipe, data }, sentCount }),
    send: [{ type: 'changeData', data }],
  };
}

function chooseData(state: PanelState, path: string | null): PanelStep {
  if (state.data === null || isBusy(state)) return still(state);
  return {
    state: { ...state, data: { ...state.data, choosing: { path } } },
    send: [{ type: 'chooseData', path }],
  };
}

/** A wish looks at the plan as it is seen, so an unsent change goes before it. */
function afterCommit(state: PanelState, message: PanelToHost): PanelStep {
  const first = commit(state);
  return { state: first.state, send: [...first.send, message] };
}

function select(state: PanelState, layer: string): PanelStep {
  if (state.view.selected === layer) return still(state);
  const first = commit(state);
  // What was typed for the layer before is not meant for this one.
  const fields = omit(first.state.view.fields, 'layerThreshold', 'layerSparsity', 'override');
  const view = { ...first.state.view, selected: layer, editing: null, fields };
  return {
    state: { ...first.state, view },
    send: [...first.send, { type: 'selectLayer', layer }],
  };
}
