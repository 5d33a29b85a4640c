import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { HostToPanel, PanelToHost } from '../../protocol/hostWebview';
import { panelHtml } from './panelHtml';

/** What a panel tells the one who shows it. */
export interface PanelListener {
  /** A message of the page. */
  received(message: PanelToHost): void;
  /** The user looks at this panel now. */
  activated(): void;
  closed(): void;
}

/**
 * One prune panel: a page that is made anew whenever it is shown, and asks for everything with
 * `ready`. Messages before that are dropped, since it would get them twice.
 */
export class PrunePanel {
  static readonly viewType = 'secateur.prune';
  readonly #panel: vscode.WebviewPanel;
  /** Settles when the page was drawn for the first time. */
  readonly drawn: Promise<void>;
  #ready = false;
  #tellDrawn!: () => void;

  constructor(panel: vscode.WebviewPanel, listener: PanelListener) {
    this.#panel = panel;
    this.drawn = new Promise((resolve) => {
      this.#tellDrawn = resolve;
    });
    panel.webview.onDidReceiveMessage((message: PanelToHost) => {
      if (message.type === 'ready') {
        this.#ready = true;
        this.#tellDrawn();
      }
      listener.received(message);
    });
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.#ready = false;
      if (panel.active) listener.activated();
    });
    panel.onDidDispose(() => listener.closed());
  }

  /** Opens the panel beside nothing, in the active group, as an editor opens. */
  static create(extensionUri: vscode.Uri): vscode.WebviewPanel {
    return vscode.window.createWebviewPanel(
      PrunePanel.viewType,
      '',
      vscode.ViewColumn.Active,
      panelOptions(extensionUri),
    );
  }

  get active(): boolean {
    return this.#panel.active;
  }

  /** Fills the panel with its page. */
  show(extensionUri: vscode.Uri, path: string, name: string): void {
    const panel = this.#panel;
    const { webview } = panel;
    panel.title = vscode.l10n.t('Prune {0}', name);
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'shears-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'shears-dark.svg'),
    };
    webview.options = panelOptions(extensionUri);
    const root = webviewRoot(extensionUri);
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      scriptAddress: webview.asWebviewUri(vscode.Uri.joinPath(root, 'panel.js')).toString(),
      styleAddress: webview.asWebviewUri(vscode.Uri.joinPath(root, 'styles.css')).toString(),
      nonce: randomBytes(24).toString('base64url'),
      title: panel.title,
      bootstrap: { path, l10n: vscode.l10n.bundle ?? null, locale: vscode.env.language },
    });
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Tells the page, if there is one that listens. */
  say(message: HostToPanel): void {
    if (this.#ready) void this.#panel.webview.postMessage(message);
  }

  dispose(): void {
    this.#panel.dispose();
  }
}

function webviewRoot(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

function panelOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [webviewRoot(extensionUri)] };
}
