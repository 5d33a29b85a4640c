import type { HostToPanel, PanelBootstrap, PanelToHost } from '../src/protocol/hostWebview';
import type { SavedView } from './state/savedView';

interface VsCodeApi {
  postMessage(message: PanelToHost): void;
  getState(): SavedView | undefined;
  setState(state: SavedView): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The panel's end of the wire to the host, and where it keeps its view. */
export interface HostPort {
  send(message: PanelToHost): void;
  onMessage(listener: (message: HostToPanel) => void): void;
  readonly savedView: SavedView | undefined;
  saveView(view: SavedView): void;
}

/** Opens the port. VS Code allows it once for each page. */
export function openHostPort(): HostPort {
  const api = acquireVsCodeApi();
  return {
    send: (message) => api.postMessage(message),
    onMessage: (listener) => {
      window.addEventListener('message', (event: MessageEvent<HostToPanel>) => {
        listener(event.data);
      });
    },
    savedView: api.getState(),
    saveView: (view) => api.setState(view),
  };
}

/** What the host wrote into the page; English where it wrote nothing. */
export function readBootstrap(): PanelBootstrap {
  const text = document.body.dataset['bootstrap'];
  if (text === undefined) return { path: '', l10n: null, locale: 'en' };
  return JSON.parse(text) as PanelBootstrap;
}
