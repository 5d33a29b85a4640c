import * as vscode from 'vscode';
import type { LockReason } from '../../core/model/model';

/** Why the file itself forbids to prune a layer, in a few words. */
export function lockSentence(reason: LockReason): string {
  const { t } = vscode.l10n;
  switch (reason) {
    case 'no-weight':
      return t('no weight');
    case 'normalization':
      return t('normalization');
    case 'dtype':
      return t('number type is not pruned');
    case 'positional':
      return t('positional parameters');
    case 'rank':
      return t('a vector');
    case 'quantized':
      return t('quantized');
    case 'compressed':
      return t('stored compressed');
  }
}
