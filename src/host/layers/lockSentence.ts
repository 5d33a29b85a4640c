import * as vscode from 'vscode';
import type { LockReason } from '../../core/model/model';

/** Why the file itself forbids to prune a layer, in a few words. */
export function lockSentence(reason: LockReason): string {
  switch (reason) {
    case 'no-weight':
      return vscode.l10n.t('no weight');
    case 'normalization':
      return vscode.l10n.t('normalization');
    case 'dtype':
      return vscode.l10n.t('number type is not pruned');
    case 'positional':
      return vscode.l10n.t('positional parameters');
    case 'rank':
      return vscode.l10n.t('a vector');
    case 'quantized':
      return vscode.l10n.t('quantized');
    case 'compressed':
      return vscode.l10n.t('stored compressed');
    case 'shared':
      return vscode.l10n.t('shared with another tensor');
  }
}
