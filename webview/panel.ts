import { render } from 'lit-html';
import type { HostToPanel, PanelToHost } from '../src/protocol/hostWebview';
import { ANNOUNCE_AFTER_MS, announcementOf } from './announcement';
import { focusNextArea } from './focusAreas';
import { openHostPort } from './hostPort';
import type { PanelAction } from './state/actions';
import { initialState, type PanelState, type ViewState } from './state/panelState';
import { onceAFrame, startPage } from './startPage';
import { reduce } from './state/reduce';
import { restoreView, saveView, type SavedView } from './state/savedView';
import { selectRows } from './state/selectRows';
import { selectUnread } from './state/selectUnread';
import { selectWantedUnits } from './state/selectUnits';
import { panel } from './views/panel';
import { initialMeasures, type Ui } from './views/ui';
import { scrollToRow } from './views/virtualRows';

/** How long scrolling rests before what is in sight is asked for, in milliseconds. */
const LOOK_AFTER_MS = 80;

const { bootstrap, root } = startPage();
const host = openHostPort<HostToPanel, PanelToHost, SavedView>();

let state: PanelState = {
  ...initialState,
  path: bootstrap.path,
  view: restoreView(initialState.view, host.savedView),
};
let drawn: ViewState = state.view;
let announcement = '';
let announceTimer: ReturnType<typeof setTimeout> | undefined;
let lookTimer: ReturnType<typeof setTimeout> | undefined;
let lookedAt = '';
let askedUnits = '';
let isDrawing = false;

const redraw = onceAFrame(draw);
const ui: Ui = {
  // Read anew at each use: an event may come after an action and before the next frame.
  get state() {
    return state;
  },
  dispatch,
  measures: initialMeasures(),
  redraw,
};

function dispatch(action: PanelAction): void {
  const step = reduce(state, action);
  const isViewChanged = step.state.view !== state.view;
  state = step.state;
  for (const message of step.send) host.send(message);
  if (isViewChanged) host.saveView(saveView(bootstrap.path, state.view));
  announceLater();
  if (movesFocus(action) && !isDrawing) draw();
  else redraw();
}

/** With these the focus moves, and the next key has to find it there: no frame may lie between. */
function movesFocus({ type }: PanelAction): boolean {
  return type === 'menu' || type === 'editOverride' || type === 'filter';
}

function draw(): void {
  isDrawing = true;
  render(panel(ui, announcement), root);
  isDrawing = false;
  keepFocus();
  keepSelectionInSight();
  drawn = state.view;
  lookLater();
  askForUnits();
}

/** The scores of the selected layer's units, once for each plan. */
function askForUnits(): void {
  const tensor = selectWantedUnits(state);
  const key = tensor === null ? '' : `${String(state.plan?.revision)} ${tensor}`;
  if (key === askedUnits) return;
  askedUnits = key;
  if (tensor !== null) host.send({ type: 'unitScores', tensor });
}

/** Weights that have come in sight are read next. */
function lookLater(): void {
  clearTimeout(lookTimer);
  lookTimer = setTimeout(() => {
    const { listScroll, listHeight } = ui.measures;
    const tensors = selectUnread(state, listScroll, listHeight);
    const key = tensors.join('\n');
    if (key === lookedAt || tensors.length === 0) return;
    lookedAt = key;
    host.send({ type: 'inSight', tensors });
  }, LOOK_AFTER_MS);
}

/** A closed menu or editor takes the focus with it; it goes back to the list it came from. */
function keepFocus(): void {
  const isClosed =
    (drawn.menu !== null && state.view.menu === null) ||
    (drawn.editing !== null && state.view.editing === null) ||
    (drawn.filter !== null && state.view.filter === null);
  const isLost = document.activeElement === null || document.activeElement === document.body;
  if (isClosed && isLost && state.view.editing === null) {
    document.getElementById('layer-grid')?.focus();
  }
}

function keepSelectionInSight(): void {
  const { selected, sort } = state.view;
  if (selected === drawn.selected && sort === drawn.sort) return;
  const list = root.querySelector<HTMLElement>('#layer-grid .list');
  const index = selectRows(state).findIndex(({ layer }) => layer.name === selected);
  if (list === null || index === -1) return;
  list.scrollTop = scrollToRow(index, list.scrollTop, list.clientHeight);
}

function announceLater(): void {
  clearTimeout(announceTimer);
  announceTimer = setTimeout(() => {
    const next = announcementOf(state);
    if (next === announcement) return;
    announcement = next;
    redraw();
  }, ANNOUNCE_AFTER_MS);
}

function onKey(event: KeyboardEvent): void {
  if (event.key === 'F6' && focusNextArea(root, event.shiftKey ? -1 : 1)) {
    event.preventDefault();
    event.stopPropagation();
  } else if (isUndo(event) && !isText(event.composedPath()[0])) {
    event.preventDefault();
    event.stopPropagation();
    dispatch({ type: 'ask', wish: 'undo' });
  }
}

function isUndo(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
}

/** In a field the undo is the browser's, of the text. */
function isText(target: EventTarget | undefined): boolean {
  return target instanceof HTMLInputElement && target.type === 'text';
}

document.addEventListener('keydown', onKey);
host.onMessage((message: HostToPanel) => dispatch({ type: 'host', message }));
host.saveView(saveView(bootstrap.path, state.view));
draw();
host.send({ type: 'ready' });
