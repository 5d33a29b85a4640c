import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { button } from '../../components/button';
import { icon } from '../../components/icon';
import { isBusy, type RunningTask } from '../../state/panelState';
import { failureNotice } from '../failure';
import { progressLine } from '../progressLine';
import type { Ui } from '../ui';
import { phaseText } from '../words';
import { compareForm, compareRefusal } from './compareForm';
import { curvesPane } from './curvesPane';
import { sensitivityPane } from './sensitivityPane';
import { runSweep } from './runSweep';

/** Criteria beside each other: what is compared, the curves, and how sensitive each layer is. */
export function comparePage(ui: Ui): TemplateResult {
  return html`<main class="compare-main">
      <div class="compare-form">${compareForm(ui)}</div>
      <div class="compare-charts">${curvesPane(ui)} ${sensitivityPane(ui)}</div>
    </main>
    ${footer(ui)}`;
}

function footer(ui: Ui): TemplateResult {
  const { running, failure } = ui.state;
  return html`<footer class="action-area" data-area="actions">
    ${failure === null ? nothing : failureNotice(ui)}
    ${running !== null && isBusy(ui.state) ? progress(ui, running) : actions(ui)}
  </footer>`;
}

function actions(ui: Ui): TemplateResult {
  const refusal = compareRefusal(ui.state);
  const cancelled = ui.state.cancelled === 'sweep' || ui.state.cancelled === 'sensitivity';
  return html`<div class="action-bar">
    ${button({
      label: l10n.t('Compare'),
      primary: true,
      disabled: refusal !== null,
      title: refusal,
      onClick: () => runSweep(ui),
    })}
    ${button({
      label: l10n.t('Back to Plan'),
      onClick: () => ui.dispatch({ type: 'showPage', page: 'plan' }),
    })}
    <span class="sentence sec"
      >${cancelled ? html`${icon('circleSlash', 'dim')}${l10n.t('Cancelled.')}` : (refusal ?? '')}</span
    >
  </div>`;
}

function progress(ui: Ui, { task, report }: RunningTask): TemplateResult {
  const share = report === null || report.total === 0 ? null : report.done / report.total;
  const name = ui.state.model?.name ?? '';
  const starting = task === 'sensitivity' ? l10n.t('Measuring sensitivity…') : l10n.t('Comparing…');
  const text = report === null ? starting : phaseText(report.phase, name, '');
  return html`${progressLine(share, starting)}
    <div class="action-bar">
      ${button({
        label: l10n.t('Cancel'),
        onClick: () => ui.dispatch({ type: 'ask', wish: 'cancel' }),
      })}
      <span class="sentence">${text}</span>
      <span class="progress-item sec">${report?.item ?? ''}</span>
    </div>`;
}
