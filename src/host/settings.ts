import * as vscode from 'vscode';
import type { Scope } from '../core/recipe/recipe';

const SECTION = 'secateur';

/** Share of the weights that a new plan removes. */
export function defaultSparsity(resource: vscode.Uri): number {
  return read(resource, 'plan.sparsity', 0.5);
}

/** Whether a new plan compares weights over the whole model or layer by layer. */
export function defaultScope(resource: vscode.Uri): Scope {
  return read<Scope>(resource, 'plan.scope', 'global');
}

function read<T>(resource: vscode.Uri, key: string, otherwise: T): T {
  return vscode.workspace.getConfiguration(SECTION, resource).get<T>(key) ?? otherwise;
}
