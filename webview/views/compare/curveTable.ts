import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { decimalText, percentText, significantText } from '../../format/numbers';
import type { Curve, Curves } from '../../state/selectCurves';
import { lineSample } from './curveFigure';
import { methodName, plainIntervalText, pointText } from './curveWords';

/** The curves as a table: a row a criterion, a column a sparsity; the best under the bound is marked. */
export function curveTable(curves: Curves): TemplateResult {
  const { sparsities } = curves;
  const caption =
    curves.metric === 'accuracy' ? l10n.t('Accuracy at sparsity, %') : l10n.t('Loss at sparsity');
  return html`<div class="scroller" tabindex="0" role="region" aria-label=${caption}>
    <table class="table curve-table">
      <thead>
        <tr>
          <th scope="col">${caption}</th>
          ${sparsities.map(
            (sparsity) => html`<th scope="col" class="num">${percentText(sparsity, 0)}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${curves.curves.map((curve, index) => row(curves, curve, { index, sparsities }))}
      </tbody>
    </table>
  </div>`;
}

function row(
  curves: Curves,
  curve: Curve,
  { index, sparsities }: { readonly index: number; readonly sparsities: readonly number[] },
): TemplateResult {
  return html`<tr>
    <th scope="row">${lineSample(index)} ${methodName(curve.method)}</th>
    ${
      curve.problem === null
        ? sparsities.map((sparsity) => cell(curves, index, sparsity))
        : html`<td colspan=${Math.max(1, sparsities.length)} class="dim">
            ${l10n.t('cannot be used here')}
          </td>`
    }
  </tr>`;
}

function cell({ metric, best, curves }: Curves, index: number, sparsity: number): TemplateResult {
  const curve = curves[index];
  const point = curve?.points.find((one) => one.sparsity === sparsity);
  if (curve === undefined || point === undefined) return html`<td class="num dim">–</td>`;
  const isBest = curve.best?.sparsity === sparsity;
  const isBestOfAll = isBest && best?.curve === index;
  const text =
    metric === 'accuracy' ? decimalText(point.value * 100, 1) : significantText(point.value);
  return html`<td
    class="num ${isBest ? 'best' : ''} ${isBestOfAll ? 'best-of-all' : ''}"
    title=${pointText(metric, curve, point)}
  >
    ${text}<span class="interval dim">${plainIntervalText(metric, point)}</span>${
      isBest
        ? html`<span class="visually-hidden">${l10n.t('best within the bound')}</span>`
        : nothing
    }
  </td>`;
}
