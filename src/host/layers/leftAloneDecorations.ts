import * as vscode from 'vscode';
import { LEFT_ALONE } from './layerItem';

/** Draws the names of layers that are left as they are in grey, as ignored files are. */
export class LeftAloneDecorations implements vscode.FileDecorationProvider {
  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== LEFT_ALONE) return undefined;
    const color = new vscode.ThemeColor('disabledForeground');
    return new vscode.FileDecoration(undefined, undefined, color);
  }
}
