import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';

/** Secateur, as VS Code knows it. */
export function theExtension(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('secateur.secateur');
  assert.ok(extension);
  return extension;
}

/** A file of the workspace by its relative path. */
export async function modelIn(relativePath: string): Promise<vscode.Uri> {
  const [model] = await vscode.workspace.findFiles(relativePath);
  assert.ok(model, `there is ${relativePath}`);
  return model;
}

/** The tabs of open prune panels. */
export function prunePanels(): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(
    ({ input }) =>
      // VS Code puts a prefix of its own before the view type.
      input instanceof vscode.TabInputWebview && input.viewType.endsWith('secateur.prune'),
  );
}

/** The tabs of open inspectors. */
export function inspectors(): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(
    ({ input }) =>
      input instanceof vscode.TabInputCustom && input.viewType.startsWith('secateur.inspector'),
  );
}

/** The processes of this extension host's worker, as the system lists them. */
export async function workerProcesses(): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args=']);
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((line) => Number(line?.[2]) === process.pid && line?.[3]?.includes('dist/worker.js'))
    .map((line) => Number(line?.[1]));
}
