import * as vscode from 'vscode';
import type { ProgressPhase, ProgressReport } from '../../core/progress';

/** A step of a long job in words, with the item in hand. */
export function progressText(report: ProgressReport): string {
  const phase = phaseText(report.phase);
  return report.item === undefined ? phase : vscode.l10n.t('{0}: {1}', phase, report.item);
}

function phaseText(phase: ProgressPhase): string {
  switch (phase) {
    case 'verify':
      return vscode.l10n.t('Checking the file');
    case 'statistics':
      return vscode.l10n.t('Reading weights');
    case 'score':
      return vscode.l10n.t('Choosing weights');
    case 'write':
      return vscode.l10n.t('Writing');
    case 'measure':
      return vscode.l10n.t('Measuring sizes');
    case 'install':
      return 'npm';
    case 'evaluate':
      return vscode.l10n.t('Evaluating');
    case 'evaluate-before':
      return vscode.l10n.t('Evaluating the original');
    case 'evaluate-after':
      return vscode.l10n.t('Evaluating the pruned model');
  }
}
