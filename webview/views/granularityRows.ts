import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Granularity, Recipe } from '../../src/core/recipe/recipe';
import { type GranularityParts, parseGranularity } from '../../src/core/selection/granularity';
import { dropdown, type DropdownOption } from '../components/dropdown';
import { parseNumber } from '../format/parseNumber';
import { fitsCriterion, withGranularity } from '../state/methodEdits';
import { isBusy } from '../state/panelState';
import { fieldError, formRow, valueField } from './formRow';
import type { Ui } from './ui';
import { granularityName } from './words';

/** The patterns that hardware knows. */
const PRESETS: readonly Granularity[] = ['2:4', '4:8'];
/** What stands for any pattern and any block in the list. */
const GROUPS = 'n:m';
const BLOCKS = 'block';
const FIRST_GROUP: Granularity = '1:4';
const FIRST_BLOCK: Granularity = 'block:4x4';

/** What goes together, and how large it is. */
export function granularityRows(ui: Ui, recipe: Recipe): TemplateResult {
  const parts = parseGranularity(recipe.granularity);
  return html`${choiceRow(ui, recipe, parts)}
  ${isOwnGroup(recipe, parts) ? groupRow(ui, recipe, parts) : nothing}
  ${parts?.kind === 'block' ? blockRow(ui, recipe, parts) : nothing}`;
}

type Group = Extract<GranularityParts, { readonly kind: 'n:m' }>;
type Block = Extract<GranularityParts, { readonly kind: 'block' }>;

function isOwnGroup(recipe: Recipe, parts: GranularityParts | null): parts is Group {
  return parts?.kind === 'n:m' && !PRESETS.includes(recipe.granularity);
}

function choiceRow(ui: Ui, recipe: Recipe, parts: GranularityParts | null): TemplateResult {
  const control = dropdown({
    id: 'granularity',
    label: l10n.t('Granularity'),
    value: choiceOf(recipe, parts),
    options: choices(ui, recipe),
    disabled: isBusy(ui.state),
    onChange: (value) => change(ui, recipe, granularityOf(value)),
  });
  return formRow(l10n.t('Granularity'), control);
}

function choiceOf(recipe: Recipe, parts: GranularityParts | null): string {
  if (parts?.kind === 'block') return BLOCKS;
  return isOwnGroup(recipe, parts) ? GROUPS : recipe.granularity;
}

function granularityOf(choice: string): Granularity {
  if (choice === GROUPS) return FIRST_GROUP;
  if (choice === BLOCKS) return FIRST_BLOCK;
  return parseGranularity(choice) === null ? 'weight' : (choice as Granularity);
}

/** What the criterion cannot rank is left out. */
function choices(ui: Ui, recipe: Recipe): DropdownOption[] {
  const all: readonly (readonly [string, Granularity, string])[] = [
    ['weight', 'weight', granularityName('weight')],
    ...PRESETS.map((preset) => [preset, preset, granularityName(preset)] as const),
    [GROUPS, FIRST_GROUP, l10n.t('N of M along the inputs…')],
    [BLOCKS, FIRST_BLOCK, l10n.t('Blocks…')],
    ['unit', 'unit', granularityName('unit')],
    ['unit:input', 'unit:input', granularityName('unit:input')],
    ['head', 'head', granularityName('head')],
  ];
  return all
    .filter(([, granularity]) => fitsCriterion(recipe, granularity))
    .map(([value, granularity, label]) => {
      const isMissing = granularity === 'head' && recipe.granularity !== 'head' && !hasHeads(ui);
      return isMissing
        ? { value, label, disabledBecause: l10n.t('none found in this model') }
        : { value, label };
    });
}

function hasHeads({ state }: Ui): boolean {
  return state.model?.hasHeads === true;
}

function change(ui: Ui, recipe: Recipe, granularity: Granularity): void {
  ui.dispatch({ type: 'change', recipe: withGranularity(recipe, granularity) });
}

function groupRow(ui: Ui, recipe: Recipe, { keep, group }: Group): TemplateResult {
  return pairRow(ui, {
    label: l10n.t('Keep'),
    between: l10n.t('of'),
    names: [l10n.t('Weights kept'), l10n.t('Weights in a group')],
    values: [keep, group],
    allowed: l10n.t('N below M, and M up to 16'),
    set: (n, m) => accept(ui, recipe, `${n}:${m}`),
  });
}

function blockRow(ui: Ui, recipe: Recipe, { rows, columns }: Block): TemplateResult {
  return pairRow(ui, {
    label: l10n.t('Block'),
    between: '×',
    names: [l10n.t('Rows of a block'), l10n.t('Columns of a block')],
    values: [rows, columns],
    allowed: l10n.t('Whole numbers from 1 to 99999'),
    set: (r, c) => accept(ui, recipe, `block:${r}x${c}`),
  });
}

/** False where the text is no granularity. */
function accept(ui: Ui, recipe: Recipe, text: string): boolean {
  if (parseGranularity(text) === null) return false;
  change(ui, recipe, text as Granularity);
  return true;
}

interface PairRow {
  readonly label: string;
  readonly between: string;
  readonly names: readonly [string, string];
  readonly values: readonly [number, number];
  readonly allowed: string;
  readonly set: (first: number, second: number) => boolean;
}

function pairRow(ui: Ui, row: PairRow): TemplateResult {
  const fields = ['granularity.first', 'granularity.second'] as const;
  const field = (index: 0 | 1): TemplateResult =>
    valueField(ui, {
      field: fields[index],
      label: row.names[index],
      text: String(row.values[index]),
      size: 'number',
      disabled: isBusy(ui.state),
      accept: (typed) => {
        const value = parseNumber(typed) ?? Number.NaN;
        const [first, second] = row.values;
        const isTaken = index === 0 ? row.set(value, second) : row.set(first, value);
        return isTaken ? null : { error: row.allowed };
      },
    });
  return formRow(row.label, html`${field(0)}<span>${row.between}</span>${field(1)}`, {
    error: fieldError(ui, fields[0]) ?? fieldError(ui, fields[1]),
  });
}
