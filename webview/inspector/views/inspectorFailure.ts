import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { mayHoldPickle } from '../../../src/core/report/pickleNames';
import type { FailureAdvice, PanelFailure } from '../../../src/protocol/hostWebview';
import { button } from '../../components/button';
import { icon } from '../../components/icon';
import { toolButton } from '../../components/toolButton';
import type { InspectorWish } from '../state/inspectorActions';
import type { InspectorUi } from './inspectorUi';

/** The file could not be opened: what, why, and what can be done. */
export function inspectorFailure(ui: InspectorUi, failure: PanelFailure): TemplateResult {
  const ask = (wish: InspectorWish) => () => ui.dispatch({ type: 'ask', wish });
  return html`<main class="message-page" role="alert" data-area="failure">
    <span class="large-icon">${icon('error', 'error')}</span>
    <div>
      <h2>${failure.title}</h2>
      <p>${failure.detail}</p>
      ${failure.advice === undefined ? nothing : adviceText(ui, failure.advice)}
      <div class="buttons">
        ${button({ label: l10n.t('Reload File'), primary: true, onClick: ask('reload') })}
        ${button({ label: l10n.t('Reopen With…'), onClick: ask('reopenWith') })}
        ${
          mayHoldPickle(ui.state.path)
            ? button({ label: l10n.t('Audit Pickle'), onClick: ask('audit') })
            : nothing
        }
        ${button({ label: l10n.t('Show Log'), onClick: ask('showLog') })}
      </div>
    </div>
  </main>`;
}

function adviceText(ui: InspectorUi, { sentence, command }: FailureAdvice): TemplateResult {
  if (command === null) return html`<p>${sentence}</p>`;
  const copy = () => ui.dispatch({ type: 'copy', text: command });
  return html`<p>${sentence}</p>
    <div class="advice-command">
      <pre class="command">${command}</pre>
      ${toolButton({ icon: 'copy', label: l10n.t('Copy Command'), onClick: copy })}
    </div>`;
}

/** The file holds no tensor: that is no fault, but there is nothing to look at. */
export function emptyModel(): TemplateResult {
  return html`<main class="message-page" data-area="tensors">
    <span class="large-icon">${icon('info', 'info')}</span>
    <div>
      <h2>${l10n.t('This file holds no tensors')}</h2>
      <p>${l10n.t('It is a valid file, but there are no weights in it to look at or to prune.')}</p>
    </div>
  </main>`;
}
