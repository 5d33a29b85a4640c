import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { cssProperties } from '../components/cssProperties';
import { icon } from '../components/icon';
import { observeSize } from '../components/observeSize';
import { shapeText } from '../format/numbers';
import { memoizeLast } from '../state/memoize';
import type { SortColumn } from '../state/panelState';
import { rowOf, selectListed, selectRows, type ListedLayer } from '../state/selectRows';
import { onGridKey } from './layerGridKeys';
import { editOverride } from './layerCommands';
import { layerRow, rowId } from './layerRow';
import type { Ui } from './ui';
import { ROW_HEIGHT, visibleRows } from './virtualRows';
import { virtualSpace } from './virtualSpace';

interface Column {
  readonly sort: SortColumn | null;
  readonly title: () => string;
  readonly className: string;
}

/** The columns of the list, in order; only some can be sorted by. */
export const COLUMNS: readonly Column[] = [
  { sort: 'name', title: () => l10n.t('Layer'), className: 'c-name' },
  { sort: 'shape', title: () => l10n.t('Shape'), className: 'c-shape' },
  { sort: null, title: () => l10n.t('Distribution'), className: 'c-mini' },
  { sort: 'sparsity', title: () => l10n.t('Sparsity'), className: 'c-after num' },
  { sort: 'override', title: () => l10n.t('Override'), className: 'c-own num' },
];

/** The grid of layers. It is one tab stop, and only the rows in sight are in the page. */
export function layerGrid(ui: Ui): TemplateResult {
  const rows = selectRows(ui.state);
  const { measures } = ui;
  const range = visibleRows(rows.length, measures.listScroll, measures.listHeight);
  const shown = rows.slice(range.first, range.end).map((row) => rowOf(ui.state, row));
  const drawn = repeat(
    shown,
    ({ layer }) => layer.name,
    (row, offset) => layerRow(ui, row, range.first + offset),
  );
  return html`<div
    class="grid ${rows.length * ROW_HEIGHT > measures.listHeight ? 'scrolls' : ''}"
    role="grid"
    id="layer-grid"
    tabindex="0"
    aria-label=${l10n.t('Layers')}
    aria-rowcount=${rows.length + 1}
    aria-colcount=${COLUMNS.length}
    aria-activedescendant=${activeId(ui, shown) ?? nothing}
    data-area-focus
    @keydown=${(event: KeyboardEvent) => onGridKey(ui, event)}
    @focusout=${() => leaveHeader(ui)}
    ${cssProperties(columnWidths(selectListed(ui.state)))}
  >
    ${headRow(ui)}
    <div
      class="list"
      role="rowgroup"
      tabindex="-1"
      @scroll=${(event: Event) => onScroll(ui, event)}
      @focus=${focusGrid}
      @click=${(event: MouseEvent) => onRow(event, rows, (row) => select(ui, row))}
      @dblclick=${(event: MouseEvent) => onRow(event, rows, (row) => editOverride(ui, row))}
      @contextmenu=${(event: MouseEvent) => onContextMenu(ui, event, rows)}
      ${observeSize((_width, height) => onHeight(ui, height))}
    >
      ${virtualSpace(rows.length, range.first, drawn)}
    </div>
  </div>`;
}

function headRow(ui: Ui): TemplateResult {
  const { sort } = ui.state.view;
  return html`<div role="rowgroup">
    <div class="list-head layers" role="row" aria-rowindex="1">
      <span role="presentation"></span>
      ${COLUMNS.map((column, index) => headCell(ui, column, index, sort))}
    </div>
  </div>`;
}

function headCell(
  ui: Ui,
  column: Column,
  index: number,
  sort: Ui['state']['view']['sort'],
): TemplateResult {
  const isSorted = sort !== null && sort.column === column.sort;
  const order = isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none';
  const isActive = ui.measures.headerCell === index;
  const sortBy = () => column.sort && ui.dispatch({ type: 'sort', column: column.sort });
  return html`<span
    role="columnheader"
    id=${headId(index)}
    class="${column.className} ${column.sort === null ? '' : 'sortable'} ${
      isActive ? 'active' : ''
    }"
    aria-colindex=${index + 1}
    aria-sort=${column.sort === null ? nothing : order}
    @click=${sortBy}
    >${column.title()}${isSorted ? icon(sort.descending ? 'arrowDown' : 'arrowUp') : nothing}</span
  >`;
}

/** The id of a header cell, for `aria-activedescendant`. */
function headId(index: number): string {
  return `layer-head-${index}`;
}

function activeId(ui: Ui, shown: readonly ListedLayer[]): string | null {
  if (ui.measures.headerCell !== null) return headId(ui.measures.headerCell);
  const selected = shown.find(({ layer }) => layer.name === ui.state.view.selected);
  return selected === undefined ? null : rowId(selected);
}

/** A longer shape is cut; its title has it. */
const MOST_SHAPE_CHARACTERS = 16;

/** Columns of numbers are as wide as their widest value: the rows are grids of their own. */
const columnWidths = memoizeLast((rows: readonly ListedLayer[]): Record<string, string> => {
  let longest = 0;
  let hasZeros = false;
  for (const { layer, statistics } of rows) {
    longest = Math.max(longest, shapeText(layer.weight?.shape ?? []).length);
    hasZeros ||= (statistics?.statistics.zeros ?? 0) > 0;
  }
  const shape = Math.min(MOST_SHAPE_CHARACTERS, Math.max(6, longest));
  return { '--shape-column': `${shape + 1}ch`, '--sparsity-column': hasZeros ? '15ch' : '11ch' };
});

function leaveHeader(ui: Ui): void {
  if (ui.measures.headerCell === null) return;
  ui.measures.headerCell = null;
  ui.redraw();
}

function onScroll(ui: Ui, event: Event): void {
  ui.measures.listScroll = (event.currentTarget as HTMLElement).scrollTop;
  ui.redraw();
}

function onHeight(ui: Ui, height: number): void {
  if (height === ui.measures.listHeight) return;
  ui.measures.listHeight = height;
  ui.redraw();
}

/** The grid has the focus, not the list inside it, which a click on a row or its bar would focus. */
function focusGrid(event: FocusEvent): void {
  (event.currentTarget as HTMLElement).closest<HTMLElement>('.grid')?.focus();
}

/** The row under the pointer: one listener for the whole list instead of one a row. */
function onRow(
  event: MouseEvent,
  rows: readonly ListedLayer[],
  then: (row: ListedLayer, element: HTMLElement) => void,
): void {
  const element = (event.target as Element).closest<HTMLElement>('[data-row]');
  const row = rows[Number(element?.dataset['row'])];
  if (row !== undefined && element !== null) then(row, element);
}

function select(ui: Ui, { layer }: ListedLayer): void {
  ui.dispatch({ type: 'select', layer: layer.name });
}

/** By the mouse at the pointer; by the keyboard's menu key, which has no place, at the row. */
function onContextMenu(ui: Ui, event: MouseEvent, rows: readonly ListedLayer[]): void {
  event.preventDefault();
  onRow(event, rows, (row) => {
    select(ui, row);
    const at = { x: event.clientX, y: event.clientY };
    ui.dispatch({ type: 'menu', menu: { layer: row.layer.name, ...at, active: 0 } });
  });
}
