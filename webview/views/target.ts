import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { isSigned } from '../../src/core/criteria/criterion';
import type { Recipe } from '../../src/core/recipe/recipe';
import { dropdown } from '../components/dropdown';
import { slider } from '../components/slider';
import { numberFieldText, percentFieldText } from '../format/numbers';
import { parseNumber, parseShare } from '../format/parseNumber';
import { patternSparsity } from '../state/methodEdits';
import { isBusy } from '../state/panelState';
import { presentSparsity } from '../state/selectFigures';
import { isByMagnitude } from '../prediction/predictable';
import { selectPrediction } from '../state/selectPrediction';
import {
  saysItself,
  TARGET_KINDS,
  targetKind,
  withFigure,
  withoutTarget,
  withSparsity,
  withThreshold,
  type TargetKind,
} from '../state/targetEdits';
import { byteFieldText, parseByteSize } from '../format/byteField';
import { fieldError, formRow, valueField } from './formRow';
import { amountRow, shareRow } from './recipeRows';
import type { Ui } from './ui';
import { givenTargetText, scoreLimitLabel } from './words';

/** How much goes: a share, a threshold, deviations, or what is to remain. */
export function targetRows(ui: Ui, recipe: Recipe): TemplateResult {
  const kind = targetKind(recipe);
  return html`${kindRow(ui, kind, recipe)} ${valueRows(ui, kind, recipe)}`;
}

/** What stands for no target: the pattern or the mask says itself what goes. */
const ITSELF = 'itself';

function valueRows(
  ui: Ui,
  kind: TargetKind | null,
  recipe: Recipe,
): TemplateResult | typeof nothing {
  switch (kind) {
    case null:
      return nothing;
    case 'sparsity':
      return sparsityRow(ui, recipe);
    case 'threshold':
      return thresholdRow(ui, recipe);
    case 'unitThreshold':
      return html`${thresholdRow(ui, recipe)} ${unitThresholdRow(ui, recipe)}`;
    case 'stdFactor':
      return deviationsRow(ui, recipe);
    case 'macs':
      return macsRow(ui, recipe);
    case 'maxBytes':
      return bytesRow(ui, recipe);
  }
}

function kindRow(ui: Ui, kind: TargetKind | null, recipe: Recipe): TemplateResult {
  const control = dropdown({
    id: 'target',
    label: l10n.t('Target'),
    value: kind ?? ITSELF,
    options: [
      ...(saysItself(recipe) ? [{ value: ITSELF, label: itselfText(recipe) }] : []),
      ...TARGET_KINDS.map((value) => ({ value, label: kindName(value) })),
    ],
    disabled: isBusy(ui.state),
    onChange: (value) => {
      const chosen = TARGET_KINDS.find((one) => one === value);
      const changed =
        chosen === undefined ? withoutTarget(recipe) : withTargetKind(ui, recipe, chosen);
      ui.dispatch({ type: 'change', recipe: changed });
    },
  });
  return formRow(l10n.t('Target'), control);
}

function itselfText({ granularity }: Recipe): string {
  const share = patternSparsity(granularity);
  return givenTargetText(share === null ? { kind: 'mask' } : { kind: 'pattern', share });
}

function kindName(kind: TargetKind): string {
  switch (kind) {
    case 'sparsity':
      return l10n.t('Sparsity');
    case 'threshold':
      return l10n.t('Threshold τ');
    case 'unitThreshold':
      return l10n.t('τ, then units α');
    case 'stdFactor':
      return l10n.t('Standard deviations');
    case 'macs':
      return l10n.t('Multiply-adds');
    case 'maxBytes':
      return l10n.t('Packed size');
  }
}

/** Another kind of target that prunes about as much as the present one. */
function withTargetKind(ui: Ui, recipe: Recipe, kind: TargetKind): Recipe {
  const share = Math.round(presentSparsity(ui.state) * 100) / 100;
  switch (kind) {
    case 'sparsity':
      return withSparsity(recipe, share);
    case 'threshold':
    case 'unitThreshold': {
      const threshold = recipe.threshold ?? presentThreshold(ui);
      return withThreshold(recipe, threshold, kind === 'unitThreshold' ? threshold : null);
    }
    case 'stdFactor':
      return withFigure(recipe, kind, 1);
    case 'macs':
      return withFigure(recipe, kind, Math.round((1 - share) * 100) / 100);
    case 'maxBytes': {
      const bytes = (ui.state.model?.byteLength ?? 0) * (1 - share);
      return withFigure(recipe, kind, Math.max(1, Math.round(bytes)));
    }
  }
}

/** The plan's common threshold, or the middle one of its layers, to three digits. */
function presentThreshold(ui: Ui): number {
  const prediction = selectPrediction(ui.state);
  if (prediction === null) return 0;
  const thresholds = [...prediction.layers.values()].flatMap(({ threshold }) => threshold ?? []);
  const middle = thresholds.sort((a, b) => a - b)[thresholds.length >> 1] ?? 0;
  return Number((prediction.commonThreshold ?? middle).toPrecision(3));
}

function sparsityRow(ui: Ui, recipe: Recipe): TemplateResult {
  const sparsity = recipe.sparsity ?? 0;
  const text = percentFieldText(sparsity);
  const disabled = isBusy(ui.state);
  const label = l10n.t('Sparsity');
  const control = html`${slider({
    id: 'sparsity-slider',
    label,
    share: sparsity,
    text,
    disabled,
    onMove: (share) => ui.dispatch({ type: 'draft', recipe: withSparsity(recipe, share) }),
    onCommit: () => ui.dispatch({ type: 'commit' }),
  })}${valueField(ui, {
    field: 'sparsity',
    label,
    text,
    size: 'number',
    disabled,
    accept: (typed) => {
      const share = parseShare(typed);
      if (share === null) return { error: l10n.t('Between 0 and 100 %') };
      ui.dispatch({ type: 'change', recipe: withSparsity(recipe, share) });
      return null;
    },
  })}`;
  return formRow(label, control, { error: fieldError(ui, 'sparsity') });
}

function thresholdRow(ui: Ui, recipe: Recipe): TemplateResult {
  const control = thresholdField(ui, {
    field: 'threshold',
    label: l10n.t('Threshold τ'),
    value: recipe.threshold ?? 0,
    lowest: isSigned(recipe.criterion, recipe.options) ? -Infinity : 0,
    change: (threshold) => withThreshold(recipe, threshold, recipe.unitThreshold ?? null),
  });
  const label = isByMagnitude(recipe) ? l10n.t('Prune |w| ≤') : scoreLimitLabel(recipe);
  return formRow(label, control, { error: fieldError(ui, 'threshold') });
}

function unitThresholdRow(ui: Ui, recipe: Recipe): TemplateResult {
  const control = thresholdField(ui, {
    field: 'unitThreshold',
    label: l10n.t('Unit threshold α'),
    value: recipe.unitThreshold ?? 0,
    lowest: 0,
    change: (alpha) => withThreshold(recipe, recipe.threshold ?? 0, alpha),
  });
  return formRow(l10n.t('Units below'), control, {
    error: fieldError(ui, 'unitThreshold'),
    note: l10n.t('A unit whose remaining weights have an L2 norm below α goes, with its bias.'),
  });
}

function deviationsRow(ui: Ui, recipe: Recipe): TemplateResult {
  return amountRow(ui, {
    field: 'stdFactor',
    label: l10n.t('Deviations q'),
    value: recipe.stdFactor,
    note: l10n.t('In each layer, scores up to q standard deviations of its weights go.'),
    set: (q = 0) => withFigure(recipe, 'stdFactor', q),
  });
}

function macsRow(ui: Ui, recipe: Recipe): TemplateResult {
  return shareRow(ui, {
    field: 'macs',
    label: l10n.t('Left of them'),
    value: recipe.macs,
    note: l10n.t('Of the multiply-adds of a sample; those with zeros do not count.'),
    set: (share = 0) => withFigure(recipe, 'macs', share),
  });
}

function bytesRow(ui: Ui, recipe: Recipe): TemplateResult {
  const text = byteFieldText(recipe.maxBytes ?? 0);
  const control = valueField(ui, {
    field: 'maxBytes',
    label: l10n.t('At most'),
    text,
    size: 'wide',
    disabled: isBusy(ui.state),
    accept: (typed) => {
      if (typed === text) return null;
      const bytes = parseByteSize(typed);
      if (bytes === null) return { error: l10n.t('A size, as in 400 KB or 1.5 MB') };
      ui.dispatch({ type: 'change', recipe: withFigure(recipe, 'maxBytes', bytes) });
      return null;
    },
  });
  return formRow(l10n.t('At most'), control, {
    error: fieldError(ui, 'maxBytes'),
    note: l10n.t('The size of the packed file.'),
  });
}

interface ThresholdField {
  readonly field: string;
  readonly label: string;
  readonly value: number;
  /** Of the scores, or -Infinity. */
  readonly lowest: number;
  readonly change: (value: number) => Recipe;
}

function thresholdField(ui: Ui, options: ThresholdField): TemplateResult {
  return valueField(ui, {
    field: options.field,
    label: options.label,
    text: numberFieldText(options.value, 6),
    size: 'wide',
    disabled: isBusy(ui.state),
    accept: (typed) => {
      const value = parseNumber(typed);
      if (value === null || value < options.lowest) {
        return {
          error: options.lowest === 0 ? l10n.t('A number of 0 or more') : l10n.t('A number'),
        };
      }
      ui.dispatch({ type: 'change', recipe: options.change(value) });
      return null;
    },
  });
}
