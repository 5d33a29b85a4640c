import * as l10n from '@vscode/l10n';
import type { Notice } from '../../src/core/model/model';
import type { ModelView, TensorStatisticsView } from '../../src/protocol/views';
import { countText } from '../format/numbers';
import { memoizeLast } from './memoize';
import type { PanelState } from './panelState';

/** What the user should know about the file: found in its header, and found in its weights. */
export function selectNotices({ model, statistics }: PanelState): readonly Notice[] {
  return model === null ? [] : allNotices(model, statistics);
}

const allNotices = memoizeLast(
  (
    { notices }: ModelView,
    statistics: ReadonlyMap<string, TensorStatisticsView>,
  ): readonly Notice[] => {
    // The reader may have met them already; then it has said so in its own words.
    if (notices.some(({ code }) => code === 'non-finite')) return notices;
    return [...notices, ...nonFiniteNotices([...statistics.values()])];
  },
);

function nonFiniteNotices(statistics: readonly TensorStatisticsView[]): readonly Notice[] {
  const broken = statistics.filter((view) => view.statistics.nonFinite > 0);
  return broken.map(({ tensor, statistics: { nonFinite } }) => ({
    code: 'non-finite',
    message:
      nonFinite === 1
        ? l10n.t('{0} holds 1 NaN or infinite value, which is never pruned.', tensor)
        : l10n.t(
            '{0} holds {1} NaN or infinite values, which are never pruned.',
            tensor,
            countText(nonFinite),
          ),
  }));
}
