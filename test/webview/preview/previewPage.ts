import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { PanelBootstrap } from '../../../src/protocol/hostWebview';
import { panelHtml } from '../../../src/host/panel/panelHtml';

/** A VS Code theme, as a webview sees it. */
export type PreviewTheme = 'dark' | 'light' | 'hc';

/** Which of our pages is shown. */
export type PreviewEntry = 'panel' | 'inspector';

const BODY_CLASSES = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  hc: 'vscode-high-contrast',
} as const;
const NONCE = 'preview';

/** Serves the panel's page under the host's own content security policy. */
export class PreviewPages {
  readonly #server: Server;
  readonly #root: string;
  readonly #sources: string;

  /** @param root where the pages' scripts and style sheets are @param sources the folder of the preview */
  constructor(root: string, sources: string) {
    this.#root = root;
    this.#sources = sources;
    this.#server = createServer((request, response) => {
      void this.#serve(request.url ?? '/').then(
        ({ type, body }) => response.setHeader('content-type', type).end(body),
        () => response.writeHead(404).end(),
      );
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  address(theme: PreviewTheme, locale = 'en', entry: PreviewEntry = 'panel'): string {
    return `${this.#origin}/page/${theme}/${locale}/${entry}`;
  }

  get #origin(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async #serve(url: string): Promise<{ readonly type: string; readonly body: string | Buffer }> {
    const [, kind, name = '', locale = 'en', entry = 'panel'] = url.split('/');
    if (kind === 'page') {
      return { type: 'text/html', body: await this.#page(name as PreviewTheme, locale, entry) };
    }
    const folder = kind === 'built' ? this.#root : path.join(this.#sources, kind ?? '');
    const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
    return { type, body: await readFile(path.join(folder, path.basename(name))) };
  }

  async #translations(locale: string): Promise<PanelBootstrap['l10n']> {
    if (locale === 'en') return null;
    const file = path.join(this.#sources, '../../../l10n', `bundle.l10n.${locale}.json`);
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
  }

  async #page(theme: PreviewTheme, locale: string, entry: string): Promise<string> {
    const html = panelHtml({
      cspSource: this.#origin,
      scriptAddress: `${this.#origin}/built/${entry}.js`,
      styleAddress: `${this.#origin}/built/${entry}.css`,
      nonce: NONCE,
      title: 'Preview',
      bootstrap: { path: '/models/preview', l10n: await this.#translations(locale), locale },
    });
    const styles = ['webview', theme]
      .map((name) => `<link rel="stylesheet" href="${this.#origin}/themes/${name}.css">`)
      .join('');
    const shim = `<script nonce="${NONCE}" src="${this.#origin}/./fakeVsCode.js"></script>`;
    const body = `<body class="${BODY_CLASSES[theme]}" data-vscode-theme-kind="${BODY_CLASSES[theme]}"`;
    return html
      .replace('<link rel="stylesheet"', `${styles}<link rel="stylesheet"`)
      .replace('<body', body)
      .replace('<script', `${shim}<script`);
  }
}
