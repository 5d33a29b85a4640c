import * as l10n from '@vscode/l10n';
import { countText } from '../format/numbers';
import type { InspectorState } from './state/inspectorState';
import { selectTensors } from './state/selectTensors';
import { selectFlags } from './unusual/selectUnusual';

/** What is spoken of a state: each quarter of reading, then what was found, or what a filter leaves. */
export function announcementOfInspector(state: InspectorState): string {
  const { model, reading, view } = state;
  if (model === null) return '';
  if (view.query !== '' || view.onlyUnusual) {
    return l10n.t('{0} tensors are shown', countText(selectTensors(state).length));
  }
  const { report } = reading;
  if (reading.state === 'reading' && report !== null && report.total > 0) {
    return l10n.t('Reading, {0} %', Math.floor((report.done / report.total) * 4) * 25);
  }
  if (reading.state !== 'done') return '';
  return l10n.t('All tensors are read. Unusual: {0}', countText(selectFlags(state).size));
}
