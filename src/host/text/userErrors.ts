import * as vscode from 'vscode';
import {
  BoundError,
  CancelledError,
  FormatError,
  IoError,
  UnsupportedError,
  UsageError,
} from '../../core/errors';
import type { ProcessEnd } from '../../protocol/errors';
import type { FailureAdvice, PanelFailure, PanelTask } from '../../protocol/hostWebview';
import { ProcessEndedError } from '../../worker/rpc/processEnd';

/** What went wrong in one sentence of the user's language. */
export function failureSentence(error: unknown): string {
  if (error instanceof FormatError) {
    const { format, place, found, allowed } = error.detail;
    return vscode.l10n.t('{0}, {1}: found {2}; allowed is {3}.', format, place, found, allowed);
  }
  if (error instanceof UnsupportedError) {
    const { feature, found, supported } = error.detail;
    return vscode.l10n.t('{0}: found {1}; supported is {2}.', feature, found, supported);
  }
  if (error instanceof IoError) return ioSentence(error);
  if (error instanceof ProcessEndedError) return endSentence(error.end);
  if (error instanceof BoundError) {
    return vscode.l10n.t('A bound of the recipe does not hold: {0}', error.message);
  }
  if (error instanceof CancelledError) return vscode.l10n.t('Cancelled. No file was written.');
  if (error instanceof UsageError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return vscode.l10n.t('An unexpected error inside Secateur: {0}', message);
}

function ioSentence(error: IoError): string {
  switch (error.code) {
    case 'ENOSPC':
      return vscode.l10n.t('The disk is full: {0}', error.message);
    case 'EACCES':
    case 'EPERM':
      return vscode.l10n.t('Permission is missing: {0}', error.message);
    case 'EROFS':
      return vscode.l10n.t('The disk is read-only: {0}', error.message);
    case 'ENOENT':
      return vscode.l10n.t('The file is not there: {0}', error.message);
    case 'NPM':
      return vscode.l10n.t('{0}. Nothing was installed.', error.message);
    case 'EMFILE':
      return vscode.l10n.t('Too many files are open: {0}', error.message);
    default:
      return vscode.l10n.t('Reading or writing failed: {0}', error.message);
  }
}

/** Why a process of ours is gone, in the user's language. */
export function endSentence(end: ProcessEnd): string {
  return end.process === 'job' ? jobEndSentence(end) : workerEndSentence(end);
}

function workerEndSentence(end: ProcessEnd): string {
  switch (end.reason) {
    case 'stopped':
      return vscode.l10n.t('The worker was stopped.');
    case 'not-started':
      return vscode.l10n.t('The worker could not be started: {0}', end.detail);
    case 'out-of-memory':
      return vscode.l10n.t('The worker ran out of memory.');
    case 'signal':
      return vscode.l10n.t('The worker was killed by {0}.', end.detail);
    case 'exit':
      return vscode.l10n.t('The worker ended unexpectedly with exit code {0}.', end.detail);
    case 'disconnected':
      return vscode.l10n.t('The worker stopped answering.');
  }
}

function jobEndSentence(end: ProcessEnd): string {
  switch (end.reason) {
    case 'stopped':
      return vscode.l10n.t('The computation was stopped.');
    case 'not-started':
      return vscode.l10n.t('The computation could not be started: {0}', end.detail);
    case 'out-of-memory':
      return vscode.l10n.t('The computation ran out of memory.');
    case 'signal':
      return vscode.l10n.t('The computation was killed by {0}.', end.detail);
    case 'exit':
      return vscode.l10n.t('The computation ended unexpectedly with exit code {0}.', end.detail);
    case 'disconnected':
      return vscode.l10n.t('The computation stopped answering.');
  }
}

/** The failure of a task as the panel shows it. */
export function panelFailure(task: PanelTask, modelName: string, error: unknown): PanelFailure {
  const advice = failureAdvice(error);
  return {
    ...(advice === null ? {} : { advice }),
    task,
    title: failureTitle(task, modelName),
    detail: failureSentence(error),
    assurance:
      task === 'prune'
        ? vscode.l10n.t('The original is untouched, and no file was left behind.')
        : null,
  };
}

/** The failure of an audit. It belongs to no task of the model: the file need not be readable as one. */
export function auditFailure(name: string, error: unknown): PanelFailure {
  return {
    task: 'open',
    title: vscode.l10n.t('{0} cannot be audited', name),
    detail: failureSentence(error),
    assurance: null,
  };
}

/** What can be done about a failure, where that is known. */
function failureAdvice(error: unknown): FailureAdvice | null {
  if (error instanceof FormatError) {
    if (error.detail.found.startsWith(LFS_POINTER)) {
      const sentence = vscode.l10n.t('Fetch the file itself, in the folder of its repository:');
      return { sentence, command: 'git lfs pull' };
    }
    const sentence = vscode.l10n.t(
      'The file may be damaged, cut off or still being written: copy, download or export it again.',
    );
    return { sentence, command: null };
  }
  if (error instanceof IoError && error.code === 'ENOENT') {
    const sentence = vscode.l10n.t('It may have been moved, renamed or deleted.');
    return { sentence, command: null };
  }
  return null;
}

/** How the reader's message about such a file begins. */
const LFS_POINTER = 'a Git LFS pointer';

/** What was being done when it failed, as the head of a message. */
export function failureTitle(task: PanelTask, modelName: string): string {
  switch (task) {
    case 'open':
      return vscode.l10n.t('{0} cannot be opened', modelName);
    case 'statistics':
      return vscode.l10n.t('The weights of {0} cannot be read', modelName);
    case 'plan':
      return vscode.l10n.t('{0} cannot be planned like this', modelName);
    case 'evaluate':
      return vscode.l10n.t('{0} was not evaluated', modelName);
    case 'prune':
      return vscode.l10n.t('{0} was not pruned', modelName);
    case 'sweep':
      return vscode.l10n.t('The criteria were not compared on {0}', modelName);
    case 'sensitivity':
      return vscode.l10n.t('The sensitivity of {0} was not measured', modelName);
  }
}
