import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { failureSentence } from './userErrors';

/**
 * Tells the user of a failure outside of any panel, with a way to the log. A cancel is what the
 * user wanted and is not told.
 */
export async function notifyFailure(
  title: string,
  error: unknown,
  log: vscode.LogOutputChannel,
): Promise<void> {
  if (error instanceof CancelledError) return;
  log.error(error instanceof Error ? error : String(error));
  const showLog = vscode.l10n.t('Show Log');
  const message = vscode.l10n.t('{0}. {1}', title, failureSentence(error));
  const chosen = await vscode.window.showErrorMessage(message, showLog);
  if (chosen === showLog) log.show();
}
