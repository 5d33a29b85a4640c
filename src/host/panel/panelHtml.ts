import type { PanelBootstrap } from '../../protocol/hostWebview';

/** What the page is made of; addresses as the webview sees them. */
export interface PanelPage {
  readonly cspSource: string;
  readonly scriptAddress: string;
  readonly styleAddress: string;
  /** Unguessable and new for each page. */
  readonly nonce: string;
  readonly title: string;
  readonly bootstrap: PanelBootstrap;
}

/** The whole page: nothing but our own script, style, fonts and pictures may load or run. */
export function panelHtml(page: PanelPage): string {
  const policy = [
    "default-src 'none'",
    `style-src ${page.cspSource} 'nonce-${page.nonce}'`,
    `script-src 'nonce-${page.nonce}'`,
    `img-src ${page.cspSource} data:`,
    `font-src ${page.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.bootstrap.locale)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
    <!-- The toolkit probes a selector through a style element of its own, and looks for its nonce here. -->
    <meta property="csp-nonce" content="${page.nonce}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${escapeHtml(page.styleAddress)}">
    <title>${escapeHtml(page.title)}</title>
  </head>
  <body data-bootstrap="${escapeHtml(JSON.stringify(page.bootstrap))}">
    <script nonce="${page.nonce}" src="${escapeHtml(page.scriptAddress)}"></script>
  </body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? character);
}
