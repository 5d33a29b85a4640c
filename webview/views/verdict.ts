import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { PairedDifference } from '../../src/core/evaluation/comparison';
import { decimalText, signedText } from '../format/numbers';
import { valueDigits } from '../format/valueDigits';
import { POINT_DIGITS, type ComparedPair } from './evaluationRows';
import { outputPairs } from './outputGroups';
import { isShare, testText } from './uncertainty';

/** The figures by which a model is mostly judged, the first that there is. */
const HEADLINES = ['accuracy', 'r2', 'loss'] as const;

type Headline = (typeof HEADLINES)[number];

/** What the comparison comes to, in a sentence for each output. */
export function verdict(pair: ComparedPair): TemplateResult | typeof nothing {
  const texts = verdictTexts(pair);
  if (texts.length === 0) return nothing;
  return html`<div class="verdict">${texts.map((text) => html`<p>${text}</p>`)}</div>`;
}

/** As {@link verdict}; empty where nothing was tested. */
export function verdictTexts(pair: ComparedPair): readonly string[] {
  const outputs = outputPairs(pair);
  if (outputs.length === 0) return sentence(pair.comparison?.differences ?? []);
  return outputs.flatMap(({ name, comparison }) =>
    sentence(comparison?.differences ?? []).map((text) => l10n.t('{0}: {1}', name, text)),
  );
}

function sentence(differences: readonly PairedDifference[]): readonly string[] {
  for (const headline of HEADLINES) {
    const found = differences.find(({ measure }) => measure === headline);
    if (found !== undefined) return [sentenceOf(found, headline)];
  }
  return [];
}

function sentenceOf({ difference, test }: PairedDifference, headline: Headline): string {
  const text = differenceText(difference, headline);
  const name = NAMES[headline]();
  if (text === '0') return l10n.t('{0} did not change.', name);
  return difference > 0
    ? l10n.t('{0} rose by {1}; {2}.', name, unsigned(difference, headline), testText(test))
    : l10n.t('{0} fell by {1}; {2}.', name, unsigned(difference, headline), testText(test));
}

const NAMES: Readonly<Record<Headline, () => string>> = {
  accuracy: () => l10n.t('Accuracy'),
  r2: () => l10n.t('R²'),
  loss: () => l10n.t('Loss'),
};

function differenceText(difference: number, headline: Headline): string {
  return isShare(headline)
    ? signedText(difference * 100, POINT_DIGITS)
    : signedText(difference, valueDigits(difference));
}

function unsigned(difference: number, headline: Headline): string {
  const size = Math.abs(difference);
  return isShare(headline)
    ? l10n.t('{0} pt', decimalText(size * 100, POINT_DIGITS))
    : decimalText(size, valueDigits(size));
}
