import { selectRows, type ListedLayer } from '../state/selectRows';
import { editOverride, toggleExclusion, toggleLock } from './layerCommands';
import { COLUMNS } from './layerGrid';
import { rowId } from './layerRow';
import type { Ui } from './ui';
import { onHeaderRowKey } from './headerKeys';
import { movedIndex } from './virtualRows';

/** The keys of the grid: arrows move, Enter and F2 edit, L locks, Delete excludes. */
export function onGridKey(ui: Ui, event: KeyboardEvent): void {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const isHandled =
    ui.measures.headerCell === null ? onRowKey(ui, event.key) : onHeaderKey(ui, event.key);
  if (!isHandled && !onMenuKey(ui, event)) return;
  // The workbench has its own meaning for some of these keys.
  event.preventDefault();
  event.stopPropagation();
}

function onRowKey(ui: Ui, key: string): boolean {
  const rows = selectRows(ui.state);
  const index = rows.findIndex(({ layer }) => layer.name === ui.state.view.selected);
  const row = rows[index];
  const target = movedIndex(key, index, rows.length, ui.measures.listHeight);
  if (target !== null) return target < 0 ? moveHeader(ui, 0) : selectAt(ui, rows[target]);
  if (row === undefined) return false;
  switch (key) {
    case 'Enter':
    case 'F2':
      editOverride(ui, row);
      return true;
    case 'l':
    case 'L':
      toggleLock(ui, row);
      return true;
    case 'Delete':
      toggleExclusion(ui, row);
      return true;
    default:
      return false;
  }
}

function selectAt(ui: Ui, row: ListedLayer | undefined): boolean {
  if (row !== undefined) ui.dispatch({ type: 'select', layer: row.layer.name });
  return true;
}

function onHeaderKey(ui: Ui, key: string): boolean {
  const index = ui.measures.headerCell ?? 0;
  const column = COLUMNS[index]?.sort ?? null;
  return onHeaderRowKey(key, {
    columnCount: COLUMNS.length,
    cell: index,
    move: (cell) => moveHeader(ui, cell),
    sort: () => {
      if (column !== null) ui.dispatch({ type: 'sort', column });
    },
  });
}

function moveHeader(ui: Ui, cell: number | null): boolean {
  ui.measures.headerCell = cell;
  ui.redraw();
  return true;
}

/** The menu of the selected row; the key's own event would be at the grid's corner. */
function onMenuKey(ui: Ui, event: KeyboardEvent): boolean {
  const isMenuKey = event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10');
  const row = selectRows(ui.state).find(({ layer }) => layer.name === ui.state.view.selected);
  if (!isMenuKey || row === undefined) return false;
  const box = document.getElementById(rowId(row))?.getBoundingClientRect();
  if (box === undefined) return false;
  const at = { x: box.left + 32, y: box.bottom };
  ui.dispatch({ type: 'menu', menu: { layer: row.layer.name, ...at, active: 0 } });
  return true;
}
