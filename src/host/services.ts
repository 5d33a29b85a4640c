import type * as vscode from 'vscode';
import type { Memory } from './memory';
import type { WorkerClient } from './worker/workerClient';
import type { WorkerProcess } from './worker/workerProcess';

/** What the parts of the host share; made once, when the extension is activated. */
export interface Services {
  readonly worker: WorkerProcess;
  readonly client: WorkerClient;
  readonly memory: Memory;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  /** Where the native engine is installed to, absolute. */
  readonly nativeFolder: string;
}
