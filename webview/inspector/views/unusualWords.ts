import * as l10n from '@vscode/l10n';
import { countText, significantText } from '../../format/numbers';
import type { Finding, FindingKind } from '../unusual/findUnusual';

/** What the findings of a kind have in common. */
export function findingTitle(kind: FindingKind): string {
  switch (kind) {
    case 'nonFinite':
      return l10n.t('NaN or infinite values');
    case 'deadUnits':
      return l10n.t('Dead units: all weights are equal');
    case 'constant':
      return l10n.t('One value throughout');
    case 'copy':
      return l10n.t('Copies of another tensor');
    case 'shared':
      return l10n.t('Same bytes as another tensor');
    case 'fresh':
      return l10n.t('Perhaps untrained: as initialized');
  }
}

/** What a finding says of its tensor, in a few words. */
export function findingNote(finding: Finding, nameOf: (tensor: number) => string): string {
  switch (finding.kind) {
    case 'nonFinite':
      return finding.count === 1
        ? l10n.t('1 value')
        : l10n.t('{0} values', countText(finding.count));
    case 'deadUnits':
      return finding.zero === finding.constant
        ? l10n.t('{0} of {1} zero', countText(finding.zero), countText(finding.unitCount))
        : l10n.t('{0} of {1} constant', countText(finding.constant), countText(finding.unitCount));
    case 'constant':
      return significantText(finding.value);
    case 'copy':
    case 'shared':
      return l10n.t('as {0}', nameOf(finding.of));
    case 'fresh':
      return finding.how === 'normalization'
        ? l10n.t('scale 1, shift 0')
        : l10n.t('uniform up to the bound of an initializer');
  }
}
