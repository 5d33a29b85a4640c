import * as vscode from 'vscode';
import type { HostToPanel, PanelToHost } from '../../protocol/hostWebview';
import { pageOptions, WebviewPage } from './webviewPage';

const VIEW_TYPE = 'secateur.prune';

/** One prune panel. */
export class PrunePanel extends WebviewPage<HostToPanel, PanelToHost> {
  static readonly viewType = VIEW_TYPE;

  /** Opens the panel beside nothing, in the active group, as an editor opens. */
  static create(extensionUri: vscode.Uri): vscode.WebviewPanel {
    const { Active } = vscode.ViewColumn;
    return vscode.window.createWebviewPanel(VIEW_TYPE, '', Active, pageOptions(extensionUri));
  }

  /** Gives a webview the title and icon of a prune panel. @returns the title. */
  static label(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, name: string): string {
    panel.title = vscode.l10n.t('Prune {0}', name);
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'shears-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'shears-dark.svg'),
    };
    return panel.title;
  }
}
