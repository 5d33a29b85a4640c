import * as l10n from '@vscode/l10n';
import type { PanelBootstrap } from '../src/protocol/hostWebview';
import { defineToolkit } from './components/toolkit';
import { setNumberLocale } from './format/numbers';
import { readBootstrap } from './hostPort';

/** What every page begins with: its language, its components and the element it is drawn in. */
export function startPage(): { readonly bootstrap: PanelBootstrap; readonly root: HTMLElement } {
  const bootstrap = readBootstrap();
  if (bootstrap.l10n !== null) l10n.config({ contents: { ...bootstrap.l10n } });
  setNumberLocale(bootstrap.locale);
  defineToolkit();
  const root = document.createElement('div');
  root.id = 'root';
  document.body.append(root);
  return { bootstrap, root };
}

/** Draws at most once a frame, however often it is called. */
export function onceAFrame(draw: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  };
}
