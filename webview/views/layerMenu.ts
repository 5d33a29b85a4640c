import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { cssProperties } from '../components/cssProperties';
import { focusOnce } from '../components/focusOnce';
import type { ContextMenu } from '../state/panelState';
import { selectRow, type LayerRow } from '../state/selectRows';
import {
  canOverride,
  editOverride,
  isExcludedByName,
  toggleExclusion,
  toggleLock,
  usePlan,
} from './layerCommands';
import type { Ui } from './ui';

interface MenuItem {
  readonly label: string;
  readonly key: string;
  readonly disabled: boolean;
  readonly run: () => void;
}

/** Room kept below and beside a menu, in pixels: it never opens partly outside the page. */
const MENU_SIZE = { width: 220, height: 128 };

/** The context menu of a layer. */
export function layerMenu(ui: Ui): TemplateResult | typeof nothing {
  const { menu } = ui.state.view;
  const row = menu && selectRow(ui.state, menu.layer);
  if (!menu || !row) return nothing;
  const items = menuItems(ui, row);
  const close = () => ui.dispatch({ type: 'menu', menu: null });
  const x = Math.max(0, Math.min(menu.x, window.innerWidth - MENU_SIZE.width));
  const y = Math.max(0, Math.min(menu.y, window.innerHeight - MENU_SIZE.height));
  return html`<ul
    class="menu"
    role="menu"
    tabindex="-1"
    aria-label=${row.layer.name}
    aria-activedescendant=${itemId(menu.active)}
    @keydown=${(event: KeyboardEvent) => onMenuKey(ui, event, items)}
    @focusout=${close}
    ${cssProperties({ left: `${x}px`, top: `${y}px` })}
    ${focusOnce()}
  >
    ${items.map((item, index) => itemOf(ui, menu, item, index))}
  </ul>`;
}

function menuItems(ui: Ui, row: LayerRow): readonly MenuItem[] {
  const { status } = row;
  const never = status.kind === 'never';
  const byGlob = status.kind === 'excluded' && !isExcludedByName(row);
  return [
    {
      label: status.kind === 'locked' ? l10n.t('Unlock') : l10n.t('Lock'),
      key: 'L',
      disabled: never,
      run: () => toggleLock(ui, row),
    },
    {
      label: status.kind === 'excluded' ? l10n.t('Include') : l10n.t('Exclude'),
      key: 'Delete',
      disabled: never || byGlob,
      run: () => toggleExclusion(ui, row),
    },
    {
      label: l10n.t('Edit Override…'),
      key: 'F2',
      disabled: !canOverride(ui, row),
      run: () => editOverride(ui, row),
    },
    { label: l10n.t('Use Plan'), key: '', disabled: !row.overridden, run: () => usePlan(ui, row) },
  ];
}

function itemId(index: number): string {
  return `layer-menu-${index}`;
}

function itemOf(ui: Ui, menu: ContextMenu, item: MenuItem, index: number): TemplateResult {
  const activate = () => {
    if (menu.active !== index) ui.dispatch({ type: 'menu', menu: { ...menu, active: index } });
  };
  return html`<li
    id=${itemId(index)}
    class=${index === menu.active ? 'active' : ''}
    role="menuitem"
    aria-disabled=${item.disabled}
    @pointermove=${activate}
    @pointerdown=${(event: PointerEvent) => event.preventDefault()}
    @click=${() => run(ui, item)}
  >
    <span>${item.label}</span><span class="key">${item.key}</span>
  </li>`;
}

function run(ui: Ui, item: MenuItem): void {
  if (item.disabled) return;
  ui.dispatch({ type: 'menu', menu: null });
  item.run();
}

function onMenuKey(ui: Ui, event: KeyboardEvent, items: readonly MenuItem[]): void {
  const { menu } = ui.state.view;
  if (menu === null) return;
  event.preventDefault();
  event.stopPropagation();
  const move = (active: number) => ui.dispatch({ type: 'menu', menu: { ...menu, active } });
  const item = items[menu.active];
  switch (event.key) {
    case 'ArrowDown':
      move((menu.active + 1) % items.length);
      break;
    case 'ArrowUp':
      move((menu.active + items.length - 1) % items.length);
      break;
    case 'Enter':
    case ' ':
      if (item !== undefined) run(ui, item);
      break;
    case 'Escape':
    case 'Tab':
      ui.dispatch({ type: 'menu', menu: null });
  }
}
