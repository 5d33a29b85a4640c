import * as vscode from 'vscode';
import type { Evaluation } from '../../core/evaluation/evaluation';
import type { Report } from '../../core/report/report';
import { NumberText } from './numberText';

/** What a model does on given data, in one sentence. */
export function evaluationSentence(model: string, data: string, evaluation: Evaluation): string {
  const numbers = new NumberText(vscode.env.language);
  const { accuracy, correct, samples } = evaluation;
  const loss = numbers.decimal(evaluation.loss);
  if (accuracy === undefined || correct === undefined) {
    return vscode.l10n.t(
      '{0} on {1}: loss {2} over {3} samples.',
      model,
      data,
      loss,
      numbers.integer(samples),
    );
  }
  return vscode.l10n.t(
    '{0} on {1}: accuracy {2} ({3} of {4}), loss {5}.',
    model,
    data,
    numbers.percent(accuracy),
    numbers.integer(correct),
    numbers.integer(samples),
    loss,
  );
}

/** What a run did, in one sentence. */
export function reportSentence(output: string, { totals, evaluation }: Report): string {
  const numbers = new NumberText(vscode.env.language);
  const zeros = numbers.percent(totals.sparsity);
  const before = evaluation?.before.accuracy;
  const after = evaluation?.after.accuracy;
  if (before === undefined || after === undefined) {
    return vscode.l10n.t('{0} was written: {1} of the prunable weights are zero.', output, zeros);
  }
  return vscode.l10n.t(
    '{0} was written: {1} of the prunable weights are zero, accuracy {2} → {3}.',
    output,
    zeros,
    numbers.percent(before),
    numbers.percent(after),
  );
}
