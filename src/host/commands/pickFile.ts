import path from 'node:path';
import * as vscode from 'vscode';
import { folderLabel } from '../text/folderLabel';

interface FileItem extends vscode.QuickPickItem {
  /** Absent for the row that opens the dialog. */
  readonly file?: string;
}

export interface FilePick {
  readonly title: string;
  readonly placeholder: string;
  /** Absolute paths in the order in which they are offered. */
  readonly files: readonly string[];
  /** How a file is named; by its own name where this is absent. */
  readonly nameOf?: (file: string) => string;
  /** For the dialog behind "Browse…". */
  readonly extensions: readonly string[];
  readonly dialogFolder?: vscode.Uri | undefined;
}

/** Lets the user choose one of some files, or any other by a dialog. @returns null on Escape. */
export async function pickFile(pick: FilePick): Promise<string | null> {
  if (pick.files.length === 0) return browse(pick);
  const items = pick.files.map((file) => fileItem(file, pick));
  const browseItem: FileItem = {
    label: vscode.l10n.t('Browse…'),
    iconPath: new vscode.ThemeIcon('folder-opened'),
    alwaysShow: true,
  };
  const chosen = await vscode.window.showQuickPick<FileItem>([...items, browseItem], {
    title: pick.title,
    placeHolder: pick.placeholder,
    matchOnDescription: true,
  });
  if (chosen === undefined) return null;
  return chosen.file ?? browse(pick);
}

function fileItem(file: string, { nameOf }: FilePick): FileItem {
  const name = nameOf?.(file) ?? path.basename(file);
  return {
    label: name,
    description: folderLabel(path.dirname(file)),
    iconPath: new vscode.ThemeIcon('file-binary'),
    file,
  };
}

async function browse({ title, extensions, dialogFolder }: FilePick): Promise<string | null> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title,
      filters: { [title]: [...extensions] },
      ...(dialogFolder ? { defaultUri: dialogFolder } : {}),
    })) ?? [];
  return chosen?.fsPath ?? null;
}

/** Files of the workspace, those that were used before first. */
export async function workspaceFiles(
  glob: string,
  used: readonly string[],
): Promise<readonly string[]> {
  const found = await vscode.workspace.findFiles(glob, '**/node_modules/**', FILE_LIMIT);
  const files = found.map(({ fsPath }) => fsPath).sort();
  const inWorkspace = new Set(files);
  const first = used.filter((file) => inWorkspace.has(file));
  return [...first, ...files.filter((file) => !first.includes(file))];
}

/** A longer list is typed into, not read. */
const FILE_LIMIT = 2000;
