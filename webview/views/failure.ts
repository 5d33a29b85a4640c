import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { PanelFailure } from '../../src/protocol/hostWebview';
import { button } from '../components/button';
import { icon } from '../components/icon';
import { link } from '../components/link';
import type { Ui } from './ui';

/** The file could not be opened: the whole page says what, why, and what can be done. */
export function failurePage(ui: Ui, failure: PanelFailure): TemplateResult {
  return html`<main class="message-page" role="alert" data-area="failure">
    <span class="large-icon">${icon('error', 'error')}</span>
    <div>
      <h2>${failure.title}</h2>
      <p>${failure.detail}</p>
      ${failure.assurance === null ? nothing : html`<p>${failure.assurance}</p>`}
      <div class="buttons">
        ${button({
          label: l10n.t('Reload File'),
          primary: true,
          onClick: () => ui.dispatch({ type: 'ask', wish: 'reload' }),
        })}
        ${button({
          label: l10n.t('Show Log'),
          onClick: () => ui.dispatch({ type: 'ask', wish: 'showLog' }),
        })}
      </div>
    </div>
  </main>`;
}

/** A task failed while the rest still holds: said in its own place, not over the page. */
export function failureNotice(ui: Ui): TemplateResult {
  const { failure } = ui.state;
  if (failure === null) return html``;
  return html`<div class="note-line failure" role="alert">
    ${icon('error', 'error')}
    <p>
      <span class="strong">${failure.title}</span> ${failure.detail} ${failure.assurance ?? nothing}
      ${link(l10n.t('Show Log'), () => ui.dispatch({ type: 'ask', wish: 'showLog' }))}
    </p>
  </div>`;
}
