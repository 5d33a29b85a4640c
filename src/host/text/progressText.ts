import * as vscode from 'vscode';
import type { ProgressPhase, ProgressReport } from '../../core/progress';

/** A step of a long job in words, with the item in hand. */
export function progressText(report: ProgressReport): string {
  const phase = phaseText(report.phase);
  return report.item === undefined ? phase : vscode.l10n.t('{0}: {1}', phase, report.item);
}

function phaseText(phase: ProgressPhase): string {
  const { t } = vscode.l10n;
  switch (phase) {
    case 'verify':
      return t('Checking the file');
    case 'statistics':
      return t('Reading weights');
    case 'score':
      return t('Choosing weights');
    case 'write':
      return t('Writing');
    case 'measure':
      return t('Measuring sizes');
    case 'evaluate-before':
      return t('Evaluating the original');
    case 'evaluate-after':
      return t('Evaluating the pruned model');
  }
}
