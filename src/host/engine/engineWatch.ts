import * as vscode from 'vscode';
import type { Services } from '../services';
import { affectsEngine, engineWish } from './engineSettings';

/** Tells each worker, from its start, which engine the settings ask for, and again when they change. */
export function watchEngineSettings(
  context: vscode.ExtensionContext,
  { worker, client, log }: Services,
): vscode.Disposable {
  const tell = async (): Promise<void> => {
    try {
      await client.useEngine(engineWish(context));
    } catch (error) {
      log.warn(`The worker did not take the engine's settings: ${String(error)}`);
    }
  };
  const tellIfRunning = (): void => {
    if (worker.processId !== undefined) void tell();
  };
  return vscode.Disposable.from(
    worker.onDidStart(() => void tell()),
    vscode.workspace.onDidGrantWorkspaceTrust(tellIfRunning),
    vscode.workspace.onDidChangeWorkspaceFolders(tellIfRunning),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (affectsEngine(event)) tellIfRunning();
    }),
  );
}
