import { render } from 'lit-html';
import type { HostToInspector, InspectorToHost } from '../src/protocol/hostInspector';
import { focusNextArea } from './focusAreas';
import { openHostPort } from './hostPort';
import { announcementOfInspector } from './inspector/announcement';
import type { InspectorAction } from './inspector/state/inspectorActions';
import {
  initialInspector,
  type InspectorState,
  type InspectorView,
} from './inspector/state/inspectorState';
import { reduceInspector } from './inspector/state/reduceInspector';
import {
  restoreInspector,
  saveInspector,
  type SavedInspector,
} from './inspector/state/savedInspector';
import { selectInSight } from './inspector/state/selectInSight';
import { selectTensors } from './inspector/state/selectTensors';
import { inspectorPage } from './inspector/views/inspectorPage';
import { initialInspectorMeasures, type InspectorUi } from './inspector/views/inspectorUi';
import { FILTER_ID } from './inspector/views/tensorsArea';
import { TABLE_ID } from './inspector/views/tensorTable';
import { onceAFrame, startPage } from './startPage';
import { scrollToRow } from './views/virtualRows';

/** How long typing rests before the table is filtered, in milliseconds. */
const FILTER_AFTER_MS = 120;
/** How long scrolling rests before what is in sight is asked for. */
const LOOK_AFTER_MS = 80;
const ANNOUNCE_AFTER_MS = 500;

const { bootstrap, root } = startPage();
const host = openHostPort<HostToInspector, InspectorToHost, SavedInspector>();

const saved = host.savedView;
let state: InspectorState = {
  ...initialInspector,
  path: bootstrap.path,
  view: restoreInspector(initialInspector.view, saved),
};
let drawn: InspectorView = state.view;
let toScroll = saved?.scroll ?? 0;
let announcement = '';
let lookedAt = '';
const timers: Partial<
  Record<'filter' | 'look' | 'announce' | 'save', ReturnType<typeof setTimeout>>
> = {};

const redraw = onceAFrame(draw);
const ui: InspectorUi = {
  // Read anew at each use: an event may come after an action and before the next frame.
  get state() {
    return state;
  },
  dispatch,
  measures: initialInspectorMeasures(),
  redraw,
};

function dispatch(action: InspectorAction): void {
  const step = reduceInspector(state, action);
  const isViewChanged = step.state.view !== state.view;
  state = step.state;
  for (const message of step.send) host.send(message);
  if (action.type === 'typeQuery') {
    later('filter', FILTER_AFTER_MS, () => dispatch({ type: 'applyQuery' }));
  }
  if (action.type === 'host' && action.message.type === 'model') askForDetail();
  if (isViewChanged) saveLater();
  later('announce', ANNOUNCE_AFTER_MS, announce);
  redraw();
}

/** The host has forgotten what is selected, or has never known it. */
function askForDetail(): void {
  const { selected } = state.view;
  if (selected !== null) host.send({ type: 'select', tensor: selected });
}

function later(name: keyof typeof timers, delayMs: number, run: () => void): void {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(run, delayMs);
}

function saveLater(): void {
  later('save', FILTER_AFTER_MS, () => {
    host.saveView(saveInspector(state.view, ui.measures.listScroll));
  });
}

function draw(): void {
  render(inspectorPage(ui, announcement), root);
  restoreScroll();
  keepRowInSight();
  drawn = state.view;
  lookLater();
}

/** Once, when the rows of the page that was hidden are there again. */
function restoreScroll(): void {
  const list = listElement();
  if (toScroll === 0 || list === null || state.model === null) return;
  list.scrollTop = toScroll;
  toScroll = 0;
}

/** In another order one wants to see what is first; a row that is selected comes into sight. */
function keepRowInSight(): void {
  const { selected, sort, query } = state.view;
  const list = listElement();
  if (list === null) return;
  if (sort !== drawn.sort || query !== drawn.query) list.scrollTop = 0;
  if (selected === drawn.selected) return;
  const index = selectTensors(state).findIndex((row) => row.index === selected);
  if (index !== -1) list.scrollTop = scrollToRow(index, list.scrollTop, list.clientHeight);
}

function listElement(): HTMLElement | null {
  return root.querySelector<HTMLElement>(`#${TABLE_ID} .list`);
}

/** What has come in sight is measured next. */
function lookLater(): void {
  later('look', LOOK_AFTER_MS, () => {
    const { listScroll, listHeight } = ui.measures;
    const tensors = selectInSight(state, listScroll, listHeight);
    const key = tensors.join();
    if (key === lookedAt || tensors.length === 0) return;
    lookedAt = key;
    host.send({ type: 'inSight', tensors });
    saveLater();
  });
}

function announce(): void {
  const next = announcementOfInspector(state);
  if (next === announcement) return;
  announcement = next;
  redraw();
}

function onKey(event: KeyboardEvent): void {
  const isFind = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f';
  if (event.key === 'F6' && focusNextArea(root, event.shiftKey ? -1 : 1)) {
    event.preventDefault();
    event.stopPropagation();
  } else if (isFind && !event.shiftKey && !event.altKey) {
    document.getElementById(FILTER_ID)?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}

document.addEventListener('keydown', onKey);
host.onMessage((message: HostToInspector) => dispatch({ type: 'host', message }));
draw();
host.send({ type: 'ready' });
