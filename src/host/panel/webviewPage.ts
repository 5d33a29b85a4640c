import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { panelHtml } from './panelHtml';

/** What a page tells the one who shows it. */
export interface PageListener<Received> {
  /** A message of the page. */
  received(message: Received): void;
  /** The user looks at this page now. */
  activated(): void;
  closed(): void;
}

/** Which of our pages a webview shows, and of which model. */
export interface PageContent {
  readonly extensionUri: vscode.Uri;
  /** The name of its script and style sheet in dist/webview. */
  readonly entry: 'panel' | 'inspector';
  /** The model's path. */
  readonly path: string;
  readonly title: string;
}

/**
 * One of our pages in a webview. It is made anew whenever it is shown, and asks for everything with
 * `ready`. Messages before that are dropped, since it would get them twice.
 */
export class WebviewPage<Sent, Received extends { readonly type: string }> {
  readonly #panel: vscode.WebviewPanel;
  /** Settles when the page was drawn for the first time. */
  readonly drawn: Promise<void>;
  #ready = false;
  #tellDrawn!: () => void;

  constructor(panel: vscode.WebviewPanel, listener: PageListener<Received>) {
    this.#panel = panel;
    this.drawn = new Promise((resolve) => {
      this.#tellDrawn = resolve;
    });
    panel.webview.onDidReceiveMessage((message: Received) => {
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

  get active(): boolean {
    return this.#panel.active;
  }

  /** Fills the webview. */
  fill({ extensionUri, entry, path, title }: PageContent): void {
    const { webview } = this.#panel;
    webview.options = pageOptions(extensionUri);
    const root = webviewRoot(extensionUri);
    const address = (file: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString();
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      scriptAddress: address(`${entry}.js`),
      styleAddress: address(`${entry}.css`),
      nonce: randomBytes(24).toString('base64url'),
      title,
      bootstrap: { path, l10n: vscode.l10n.bundle ?? null, locale: vscode.env.language },
    });
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Tells the page, if there is one that listens. @returns whether there is. */
  say(message: Sent): boolean {
    if (this.#ready) void this.#panel.webview.postMessage(message);
    return this.#ready;
  }

  dispose(): void {
    this.#panel.dispose();
  }
}

/** Our pages run our own scripts only, and see nothing but dist/webview. */
export function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [webviewRoot(extensionUri)] };
}

function webviewRoot(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}
