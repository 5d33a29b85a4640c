import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { cssProperties } from '../../components/cssProperties';
import { icon } from '../../components/icon';
import { observeSize } from '../../components/observeSize';
import { virtualSpace } from '../../views/virtualSpace';
import { rowCapacity, visibleRows } from '../../views/virtualRows';
import type { ColumnId } from '../state/inspectorState';
import { selectTensors, type TensorRow } from '../state/selectTensors';
import { columnsFor, gridTemplate, type TensorColumn } from './columns';
import type { InspectorUi } from './inspectorUi';
import { cellTitle } from './cellTitle';
import { tensorRow, tensorRowId } from './tensorRow';
import { onTableKey } from './tensorTableKeys';

/** The id of the table, which has the focus for all its rows. */
export const TABLE_ID = 'tensor-table';

/** The table of tensors. Only the rows in sight are drawn, however many there are. */
export function tensorTable(ui: InspectorUi): TemplateResult {
  const rows = selectTensors(ui.state);
  const columns = columnsFor(ui.measures.tableWidth);
  const range = visibleRows(rows.length, ui.measures.listScroll, ui.measures.listHeight);
  // Always as many, wherever the scroll stands: then no row is made or dropped on the way.
  const capacity = rowCapacity(ui.measures.listHeight);
  const shown = rows.slice(range.first, range.first + capacity);
  const drawn = repeat(
    shown,
    // A row that leaves at one edge is the one that comes in at the other: none is made anew.
    (_row, i) => (range.first + i) % capacity,
    (row, i) => tensorRow(ui, row, range.first + i, columns),
  );
  return html`<div
    class="grid scrolls tensor-grid"
    id=${TABLE_ID}
    data-area-focus
    role="grid"
    tabindex="0"
    aria-label=${l10n.t('Tensors')}
    aria-rowcount=${rows.length + 1}
    aria-colcount=${columns.length}
    aria-activedescendant=${activeId(ui, shown) ?? nothing}
    @keydown=${(event: KeyboardEvent) => onTableKey(ui, event, columns)}
    @blur=${() => leaveHeader(ui)}
    ${cssProperties({
      '--tensor-columns': gridTemplate(columns),
      '--scroll-bar': `${Math.max(0, ui.measures.tableWidth - ui.measures.listWidth)}px`,
    })}
    ${observeSize((width) => onWidth(ui, width))}
  >
    ${headRow(ui, columns)}
    <div
      class="list"
      role="rowgroup"
      tabindex="-1"
      @focus=${focusTable}
      @scroll=${(event: Event) => onScroll(ui, event)}
      @click=${(event: MouseEvent) => onClick(ui, event, rows)}
      @mouseover=${(event: MouseEvent) => nameCell(ui, event, rows)}
      ${observeSize((width, height) => onListSize(ui, width, height))}
    >
      ${virtualSpace(rows.length, range.first, drawn)}
    </div>
  </div>`;
}

function headRow(ui: InspectorUi, columns: readonly TensorColumn[]): TemplateResult {
  return html`<div role="rowgroup">
    <div class="list-head tensors" role="row" aria-rowindex="1">
      <span role="presentation"></span>
      ${columns.map((column, index) => headCell(ui, column, index))}
    </div>
  </div>`;
}

function headCell(ui: InspectorUi, column: TensorColumn, index: number): TemplateResult {
  const { sort } = ui.state.view;
  const { id, title, isNumber, isSortable } = column;
  const isSorted = sort?.column === id;
  const order = isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none';
  const isActive = ui.measures.headerCell === index;
  const classes = [
    isNumber ? 'num' : '',
    isSortable ? 'sortable' : '',
    isActive ? 'active' : '',
  ].join(' ');
  return html`<span
    role="columnheader"
    id=${headId(index)}
    class="c-${id} ${classes}"
    aria-colindex=${index + 1}
    aria-sort=${isSortable ? order : nothing}
    title=${title}
    @click=${() => isSortable && ui.dispatch({ type: 'sort', column: id })}
    >${title}${isSorted ? icon(sort.descending ? 'arrowDown' : 'arrowUp') : nothing}</span
  >`;
}

/** The id of a header cell, for `aria-activedescendant`. */
function headId(index: number): string {
  return `tensor-head-${index}`;
}

function activeId(ui: InspectorUi, shown: readonly TensorRow[]): string | null {
  if (ui.measures.headerCell !== null) return headId(ui.measures.headerCell);
  const { selected } = ui.state.view;
  return selected !== null && shown.some(({ index }) => index === selected)
    ? tensorRowId(selected)
    : null;
}

function leaveHeader(ui: InspectorUi): void {
  if (ui.measures.headerCell === null) return;
  ui.measures.headerCell = null;
  ui.redraw();
}

function onScroll(ui: InspectorUi, event: Event): void {
  ui.measures.listScroll = (event.currentTarget as HTMLElement).scrollTop;
  ui.redraw();
}

/** What the list is narrower than the table is its scroll bar, which the header leaves room for. */
function onListSize(ui: InspectorUi, width: number, height: number): void {
  const { listWidth, listHeight } = ui.measures;
  if ((width === listWidth && height === listHeight) || height === 0) return;
  ui.measures.listWidth = width;
  ui.measures.listHeight = height;
  ui.redraw();
}

function onWidth(ui: InspectorUi, width: number): void {
  if (width === ui.measures.tableWidth || width === 0) return;
  ui.measures.tableWidth = width;
  ui.redraw();
}

/** The table has the focus, not the list inside it, which a click on a row would focus. */
function focusTable(event: FocusEvent): void {
  (event.currentTarget as HTMLElement).closest<HTMLElement>('.grid')?.focus();
}

/** The title of a cell, made when the pointer comes: hundreds of cells change with each scroll. */
function nameCell(ui: InspectorUi, event: MouseEvent, rows: readonly TensorRow[]): void {
  const cell = (event.target as Element).closest<HTMLElement>('[data-column]');
  const position = cell?.closest<HTMLElement>('[data-row]')?.dataset['row'];
  const row = rows[Number(position)];
  if (cell === null || row === undefined) return;
  cell.title = cellTitle(ui, row, cell.dataset['column'] as ColumnId) ?? '';
}

/** One listener for the whole list instead of one a row. */
function onClick(ui: InspectorUi, event: MouseEvent, rows: readonly TensorRow[]): void {
  const element = (event.target as Element).closest<HTMLElement>('[data-row]');
  const row = rows[Number(element?.dataset['row'])];
  if (row !== undefined) ui.dispatch({ type: 'select', tensor: row.index });
}
