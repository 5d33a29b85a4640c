import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit-html';
import { cssProperties } from '../components/cssProperties';
import { sash, type Sash } from '../components/sash';
import type { SashId } from '../state/panelState';
import { actionBar } from './actionBar';
import { detail, detailTabs } from './detail';
import { evaluation } from './evaluation';
import { layerMenu } from './layerMenu';
import { layers } from './layers';
import { method } from './method';
import { prediction } from './prediction';
import type { Ui } from './ui';

/**
 * The plan: method, layers, detail, evaluation. The style sheet places the areas by the panel's own
 * width; the page is the same at all widths.
 */
export function planPage(ui: Ui): TemplateResult {
  const { tab } = ui.state.view;
  const isRunnable = ui.state.model?.executable !== false;
  return html`<main
      class="plan-main tab-${tab} ${isRunnable ? '' : 'weights-only'}"
      ${cssProperties(sizes(ui))}
    >
      <div class="method-column">
        ${method(ui)} ${prediction(ui)}
        ${edge(ui, 'method', { direction: 'vertical', sign: 1, least: 200 })}
      </div>
      ${layers(ui)}
      <div class="lower">
        ${edge(ui, 'panel', { direction: 'horizontal', sign: -1, least: 160 })} ${detailTabs(ui)}
        <div class="detail-area">
          ${detail(ui)} ${edge(ui, 'detail', { direction: 'vertical', sign: -1, least: 320 })}
        </div>
        <div class="evaluation-area">
          ${edge(ui, 'evaluation', { direction: 'horizontal', sign: -1, least: 100 })}
          ${evaluation(ui)}
        </div>
      </div>
    </main>
    ${actionBar(ui)} ${layerMenu(ui)}`;
}

/** Sizes that the user gave to the areas; the style sheet has the ones at first. */
function sizes(ui: Ui): Record<string, string | null> {
  const { sashes } = ui.state.view;
  const size = (id: SashId) => (sashes[id] === undefined ? null : `${sashes[id]}px`);
  return {
    '--method-size': size('method'),
    '--detail-size': size('detail'),
    '--evaluation-size': size('evaluation'),
    '--panel-size': size('panel'),
  };
}

function edge(
  ui: Ui,
  id: SashId,
  look: Pick<Sash, 'direction' | 'sign' | 'least'>,
): TemplateResult {
  return sash({
    ...look,
    className: `sash-${id}`,
    label: l10n.t('Resize'),
    onResize: (size) => ui.dispatch({ type: 'resizeSash', sash: id, size }),
    onReset: () => ui.dispatch({ type: 'resizeSash', sash: id, size: null }),
  });
}
