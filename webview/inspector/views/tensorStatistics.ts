import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit-html';
import type { TensorDetail } from '../../../src/protocol/hostInspector';
import { countText, percentText, significantText } from '../../format/numbers';
import type { TensorRow } from '../state/selectTensors';
import type { InspectorUi } from './inspectorUi';

interface Measure {
  readonly name: string;
  readonly text: string;
  /** The exact value. */
  readonly title: string;
}

/** The statistics of the selected tensor, over its finite values. */
export function tensorStatistics(
  ui: InspectorUi,
  { tensor }: TensorRow,
  { statistics, medianMagnitude }: TensorDetail,
): TemplateResult {
  const { zeros, nonFinite, min, max, mean, std, l1, l2 } = statistics;
  const { elementCount, role } = tensor;
  const parameters = Math.max(1, ui.state.model?.parameterCount ?? 1);
  const measures: Measure[] = [
    count(l10n.t('Elements'), elementCount),
    {
      name: l10n.t('Share of model'),
      text: role === 'parameter' ? percentText(elementCount / parameters) : '–',
      title: '',
    },
    {
      name: l10n.t('Zeros'),
      text: zeros === 0 ? '0' : percentText(zeros / Math.max(1, elementCount)),
      title: countText(zeros),
    },
    count(l10n.t('NaN, infinite'), nonFinite),
    number(l10n.t('Min'), min),
    number(l10n.t('Max'), max),
    number(l10n.t('Mean'), mean),
    number(l10n.t('Std'), std),
    number('L1', l1),
    number('L2', l2),
    ...(medianMagnitude === null ? [] : [number(l10n.t('Median |w|'), medianMagnitude)]),
  ];
  return html`<dl class="stats two">
    ${measures.map(
      ({ name, text, title }) =>
        html`<div>
          <dt>${name}</dt>
          <dd title=${title}>${text}</dd>
        </div>`,
    )}
  </dl>`;
}

function count(name: string, value: number): Measure {
  const text = countText(value);
  return { name, text, title: text };
}

function number(name: string, value: number | null): Measure {
  if (value === null) return { name, text: '–', title: '' };
  return { name, text: significantText(value), title: String(value) };
}
