import { visibleRows } from '../../views/virtualRows';
import type { InspectorState } from './inspectorState';
import { selectTensors } from './selectTensors';

/**
 * The tensors in sight that are not measured yet, the selected one first; empty when there is
 * nothing to hurry.
 */
export function selectInSight(
  state: InspectorState,
  scroll: number,
  height: number,
): readonly number[] {
  if (state.reading.state !== 'reading' && state.reading.state !== 'opening') return [];
  const rows = selectTensors(state);
  const { first, end } = visibleRows(rows.length, scroll, height);
  const { selected } = state.view;
  const seen = rows.slice(first, end).map(({ index }) => index);
  const wanted = selected === null ? seen : [selected, ...seen];
  return [...new Set(wanted)].filter((index) => !state.figures.has(index));
}
