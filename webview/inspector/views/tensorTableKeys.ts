import { onHeaderRowKey } from '../../views/headerKeys';
import { movedIndex } from '../../views/virtualRows';
import { selectTensors } from '../state/selectTensors';
import type { TensorColumn } from './columns';
import type { InspectorUi } from './inspectorUi';

/** The keys of the table: arrows move, Enter sorts in the header, Ctrl+C copies the name. */
export function onTableKey(
  ui: InspectorUi,
  event: KeyboardEvent,
  columns: readonly TensorColumn[],
): void {
  if (event.target !== event.currentTarget || event.altKey) return;
  const hasCommand = event.ctrlKey || event.metaKey;
  const isHandled = hasCommand
    ? onCommandKey(ui, event)
    : ui.measures.headerCell === null
      ? onRowKey(ui, event.key)
      : onHeaderKey(ui, event.key, columns);
  if (!isHandled) return;
  // The workbench has its own meaning for some of these keys.
  event.preventDefault();
  event.stopPropagation();
}

function onCommandKey(ui: InspectorUi, event: KeyboardEvent): boolean {
  const { model, view } = ui.state;
  const name = view.selected === null ? undefined : model?.tensors[view.selected]?.name;
  if (event.key.toLowerCase() !== 'c' || name === undefined) return false;
  ui.dispatch({ type: 'copy', text: name });
  return true;
}

function onRowKey(ui: InspectorUi, key: string): boolean {
  const rows = selectTensors(ui.state);
  const index = rows.findIndex(({ index: tensor }) => tensor === ui.state.view.selected);
  const target = movedIndex(key, index, rows.length, ui.measures.listHeight);
  if (target === null) return false;
  if (target < 0) return moveHeader(ui, 0);
  const row = rows[target];
  if (row !== undefined) ui.dispatch({ type: 'select', tensor: row.index });
  return true;
}

function onHeaderKey(ui: InspectorUi, key: string, columns: readonly TensorColumn[]): boolean {
  const index = ui.measures.headerCell ?? 0;
  const column = columns[index];
  return onHeaderRowKey(key, {
    columnCount: columns.length,
    cell: index,
    move: (cell) => moveHeader(ui, cell),
    sort: () => {
      if (column?.isSortable === true) ui.dispatch({ type: 'sort', column: column.id });
    },
  });
}

function moveHeader(ui: InspectorUi, cell: number | null): boolean {
  ui.measures.headerCell = cell;
  ui.redraw();
  return true;
}
