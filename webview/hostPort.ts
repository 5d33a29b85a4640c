import type { PanelBootstrap } from '../src/protocol/hostWebview';

interface VsCodeApi<Sent, View> {
  postMessage(message: Sent): void;
  getState(): View | undefined;
  setState(state: View): void;
}

declare function acquireVsCodeApi(): unknown;

/** A page's end of the wire to the host, and where it keeps its view. */
export interface HostPort<Received, Sent, View> {
  send(message: Sent): void;
  onMessage(listener: (message: Received) => void): void;
  readonly savedView: View | undefined;
  saveView(view: View): void;
}

/** Opens the port. VS Code allows it once for each page. */
export function openHostPort<Received, Sent, View>(): HostPort<Received, Sent, View> {
  const api = acquireVsCodeApi() as VsCodeApi<Sent, View>;
  return {
    send: (message) => api.postMessage(message),
    onMessage: (listener) => {
      window.addEventListener('message', (event: MessageEvent<Received>) => {
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
