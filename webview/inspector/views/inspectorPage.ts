import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { cssProperties } from '../../components/cssProperties';
import { icon } from '../../components/icon';
import { link } from '../../components/link';
import { sash } from '../../components/sash';
import { bannerBar, bannerLook } from '../../views/banner';
import type { InspectorWish } from '../state/inspectorActions';
import { auditView } from './auditView';
import { emptyModel, inspectorFailure } from './inspectorFailure';
import { inspectorHeader } from './inspectorHeader';
import type { InspectorUi } from './inspectorUi';
import { metadataPane } from './metadataPane';
import { tensorDetail } from './tensorDetail';
import { tensorsArea } from './tensorsArea';
import { unusualPane } from './unusualPane';

/** The whole inspector. */
export function inspectorPage(ui: InspectorUi, announcement: string): TemplateResult {
  return html`<div class="panel">
    <div class="screen">${banner(ui)} ${inspectorHeader(ui)} ${tabs(ui)} ${body(ui)}</div>
    <div class="visually-hidden" role="status" aria-live="polite">${announcement || nothing}</div>
  </div>`;
}

function body(ui: InspectorUi): TemplateResult {
  const { failure, model, view } = ui.state;
  if (view.tab === 'audit') return auditView(ui);
  if (failure?.task === 'open') return inspectorFailure(ui, failure);
  if (model?.tensors.length === 0) return emptyModel();
  const size = view.sideSize === null ? null : `${view.sideSize}px`;
  return html`<main class="inspector-main" ${cssProperties({ '--side-size': size })}>
    <div class="inspector-left">${failureNote(ui)} ${tensorsArea(ui)}</div>
    <div class="inspector-side">
      ${sash({
        className: 'sash-side',
        direction: 'vertical',
        label: l10n.t('Resize'),
        sign: -1,
        least: 320,
        onResize: (next) => ui.dispatch({ type: 'resizeSide', size: next }),
        onReset: () => ui.dispatch({ type: 'resizeSide', size: null }),
      })}
      <div class="side-scroll">${tensorDetail(ui)} ${unusualPane(ui)} ${metadataPane(ui)}</div>
    </div>
  </main>`;
}

/** Reading the values failed while the header still holds. */
function failureNote(ui: InspectorUi): TemplateResult | typeof nothing {
  const { failure } = ui.state;
  if (failure === null) return nothing;
  return html`<div class="note-line failure" role="alert">
    ${icon('error', 'error')}
    <p>
      <span class="strong">${failure.title}</span> ${failure.detail}
      ${link(l10n.t('Show Log'), () => ui.dispatch({ type: 'ask', wish: 'showLog' }))}
    </p>
  </div>`;
}

const TABS = ['tensors', 'audit'] as const;

/** Only where there is something to audit is there a second tab. */
function tabs(ui: InspectorUi): TemplateResult | typeof nothing {
  const { context, view, audit } = ui.state;
  if (context?.auditable !== true && audit === null && view.tab !== 'audit') return nothing;
  return html`<div
    class="tabs inspector-tabs"
    role="tablist"
    @keydown=${(event: KeyboardEvent) => onTabKey(ui, event)}
  >
    ${TABS.map((tab) => {
      const isOn = view.tab === tab;
      return html`<button
        type="button"
        class="tab ${isOn ? 'on' : ''}"
        role="tab"
        id="tab-${tab}"
        aria-selected=${isOn}
        tabindex=${isOn ? 0 : -1}
        @click=${() => ui.dispatch({ type: 'showTab', tab })}
      >
        ${tab === 'tensors' ? l10n.t('Tensors') : l10n.t('Audit')}
      </button>`;
    })}
  </div>`;
}

function onTabKey(ui: InspectorUi, event: KeyboardEvent): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  const tab = ui.state.view.tab === 'audit' ? 'tensors' : 'audit';
  ui.dispatch({ type: 'showTab', tab });
  document.getElementById(`tab-${tab}`)?.focus();
  event.preventDefault();
}

function banner(ui: InspectorUi): TemplateResult | typeof nothing {
  const { banner: shown, model } = ui.state;
  if (shown === null) return nothing;
  const look = bannerLook<InspectorWish>(shown, model?.name ?? '', (reason) => ({
    text: l10n.t('{0} What was read so far is kept.', reason),
    action: { label: l10n.t('Continue'), wish: 'resume' },
  }));
  return bannerBar(look, (wish) => ui.dispatch({ type: 'ask', wish }));
}
