import { visibleRows } from '../views/virtualRows';
import type { PanelState } from './panelState';
import { selectRows } from './selectRows';

/** The weights whose rows are in sight and that are not read yet, the selected layer's first. */
export function selectUnread(state: PanelState, scroll: number, height: number): readonly string[] {
  const rows = selectRows(state);
  const { first, end } = visibleRows(rows.length, scroll, height);
  const { selected } = state.view;
  const seen = rows.filter(
    ({ layer }, index) => layer.name === selected || (index >= first && index < end),
  );
  seen.sort((a, b) => Number(b.layer.name === selected) - Number(a.layer.name === selected));
  return seen.flatMap(({ layer, statistics }) =>
    statistics === null && layer.weight !== null ? [layer.weight.name] : [],
  );
}
