import { html, nothing, type TemplateResult } from 'lit-html';
import { banner } from './banner';
import { comparePage } from './compare/comparePage';
import { failurePage } from './failure';
import { header } from './header';
import { planPage } from './planPage';
import { resultPage } from './result';
import type { Ui } from './ui';

/** The whole panel: the failed file, the result of the last prune, or the plan. */
export function panel(ui: Ui, announcement: string): TemplateResult {
  return html`<div class="panel">
    <div class="screen">${banner(ui)} ${page(ui)}</div>
    <div class="visually-hidden" role="status" aria-live="polite">${announcement || nothing}</div>
  </div>`;
}

function page(ui: Ui): TemplateResult {
  const { failure, model, result, view } = ui.state;
  if (failure !== null && (failure.task === 'open' || model === null)) {
    return html`${header(ui)} ${failurePage(ui, failure)}`;
  }
  if (view.page === 'result' && result !== null) return resultPage(ui, result.result);
  return html`${header(ui)} ${view.page === 'compare' ? comparePage(ui) : planPage(ui)}`;
}
