import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { SampleChoice } from '../../src/core/recipe/recipe';
import { numberFieldText } from '../format/numbers';
import { divisorOf, parseNumbers, parseScale } from '../state/dataSettings';
import { AUTOMATIC, change, choiceRow, textRow, wholeNumberRow } from './dataSettingRows';
import type { DataForm } from './dataSettingRows';
import { tableRows } from './dataTable';
import { lossName } from './words';

/** The settings that most data does without: sample, order, scale, loss, folds, top-k, and a table's own. */
export function moreDataRows(form: DataForm): TemplateResult {
  return html`${sampleRows(form)} ${shuffleRow(form)} ${scaleRow(form)}
  ${channelRow(form, 'mean', l10n.t('Mean'))} ${channelRow(form, 'std', l10n.t('Deviation'))}
  ${lossRow(form)} ${foldsRow(form)} ${topKRow(form)} ${tableRows(form)}`;
}

/** How a sample is taken, as the list has it. */
const SAMPLES = ['first', 'random', 'balanced'] as const;

type SampleKind = (typeof SAMPLES)[number];

function sampleRows(form: DataForm): TemplateResult {
  const { sample } = form.data;
  const count = wholeNumberRow(form, {
    field: 'data.sample',
    label: l10n.t('Sample'),
    value: sample?.count,
    least: 1,
    placeholder: l10n.t('All'),
    set: (value) =>
      change(form, 'sample', value === undefined ? value : { ...sample, count: value }),
  });
  if (sample === undefined) return count;
  return html`${count} ${sampleKindRow(form, sample)}
  ${sample.seed === undefined ? nothing : sampleSeedRow(form, sample)}`;
}

function sampleKindRow(form: DataForm, sample: SampleChoice): TemplateResult {
  const labels: Readonly<Record<SampleKind, string>> = {
    first: l10n.t('The first ones'),
    random: l10n.t('Drawn by chance'),
    balanced: l10n.t('As many of each class'),
  };
  return choiceRow(form, {
    id: 'data-sample-kind',
    label: l10n.t('Sample of'),
    value: kindOf(sample),
    options: SAMPLES.map((kind) => ({ value: kind, label: labels[kind] })),
    set: (value) => {
      const seed = sample.seed ?? 0;
      if (value === 'first') change(form, 'sample', { count: sample.count });
      else if (value === 'random') change(form, 'sample', { count: sample.count, seed });
      else change(form, 'sample', { count: sample.count, seed, balanced: true });
    },
  });
}

function kindOf({ seed, balanced }: SampleChoice): SampleKind {
  if (balanced === true) return 'balanced';
  return seed === undefined ? 'first' : 'random';
}

function sampleSeedRow(form: DataForm, sample: SampleChoice): TemplateResult {
  return wholeNumberRow(form, {
    field: 'data.sampleSeed',
    label: l10n.t('Sample seed'),
    value: sample.seed,
    least: 0,
    placeholder: '0',
    set: (seed = 0) => change(form, 'sample', { ...sample, seed }),
  });
}

function shuffleRow(form: DataForm): TemplateResult {
  return wholeNumberRow(form, {
    field: 'data.shuffle',
    label: l10n.t('Shuffle seed'),
    value: form.data.shuffle,
    least: 0,
    placeholder: l10n.t('None'),
    set: (seed) => change(form, 'shuffle', seed),
  });
}

function scaleRow(form: DataForm): TemplateResult {
  return textRow(form, {
    field: 'data.scale',
    label: l10n.t('Scale'),
    text: scaleText(form.data.scale),
    placeholder: '1',
    size: 'wide',
    accept: (text) => {
      if (text.trim() === '') return change(form, 'scale', undefined);
      const scale = parseScale(text);
      if (scale === null) return { error: l10n.t('A number that is not 0, or as in 1/255') };
      return change(form, 'scale', scale);
    },
  });
}

function scaleText(scale: number | undefined): string {
  if (scale === undefined) return '';
  const divisor = divisorOf(scale);
  return divisor === null ? numberFieldText(scale, 9) : `1/${divisor}`;
}

/** Numbers by channel; the recipe's own reader says where their count does not fit. */
function channelRow(form: DataForm, key: 'mean' | 'std', label: string): TemplateResult {
  return textRow(form, {
    field: `data.${key}`,
    label,
    text: (form.data[key] ?? []).map((value) => numberFieldText(value, 9)).join('; '),
    placeholder: l10n.t('None'),
    accept: (text) => {
      if (text.trim() === '') return change(form, key, undefined);
      const values = parseNumbers(text);
      if (values === null || (key === 'std' && values.includes(0))) {
        return { error: l10n.t('A number for each channel, as in 0.5; 0.5; 0.5') };
      }
      return change(form, key, values);
    },
  });
}

function lossRow(form: DataForm): TemplateResult {
  const losses = ['ce', 'ce-logits', 'mse'] as const;
  return choiceRow(form, {
    id: 'data-loss',
    label: l10n.t('Loss'),
    value: form.data.loss ?? AUTOMATIC,
    options: [
      { value: AUTOMATIC, label: l10n.t('Guessed') },
      ...losses.map((loss) => ({ value: loss, label: lossName(loss) })),
    ],
    set: (value) => {
      const loss = losses.find((one) => one === value);
      change(form, 'loss', loss);
    },
  });
}

function foldsRow(form: DataForm): TemplateResult {
  return wholeNumberRow(form, {
    field: 'data.folds',
    label: l10n.t('Folds'),
    value: form.data.folds,
    least: 2,
    placeholder: l10n.t('None'),
    set: (folds) => change(form, 'folds', folds),
  });
}

function topKRow(form: DataForm): TemplateResult {
  return wholeNumberRow(form, {
    field: 'data.topK',
    label: l10n.t('Top-k'),
    value: form.data.topK,
    least: 1,
    placeholder: '5',
    set: (k) => change(form, 'topK', k),
  });
}
