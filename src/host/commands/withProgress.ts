import * as vscode from 'vscode';
import type { ProgressReport } from '../../core/progress';
import { progressText } from '../text/progressText';
import { signalOf } from '../worker/cancellation';
import type { Watch } from '../worker/workerClient';

/** Runs a job with a notification that tells its steps and can cancel it. */
export function withProgress<T>(
  title: string,
  job: (watch: Required<Watch>) => Promise<T>,
): Thenable<T> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    cancellable: true,
    title,
  };
  return vscode.window.withProgress(options, (progress, token) =>
    job({
      signal: signalOf(token),
      report: (report) => progress.report({ message: stepText(report) }),
    }),
  );
}

function stepText(report: ProgressReport): string {
  if (report.total <= 0) return progressText(report);
  const percent = Math.floor((100 * report.done) / report.total);
  return vscode.l10n.t('{0} ({1} %)', progressText(report), percent);
}
