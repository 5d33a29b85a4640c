/* global window, sessionStorage */
// Stands for the API that VS Code gives a webview, so that the page runs in a plain browser.
window.acquireVsCodeApi = () => ({
  postMessage: (message) => window.toHost(JSON.stringify(message)),
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
  setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
});
