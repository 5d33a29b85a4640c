import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { unitAxisIn, type UnitChoices } from '../../src/core/recipe/unitAxis';
import type { LayerView } from '../../src/protocol/views';
import { dropdown, type DropdownOption } from '../components/dropdown';
import { countText } from '../format/numbers';

const GUESS = 'guess';

/** What is guessed of a layer, what the recipe says instead, and what is done with another choice. */
export interface UnitAxisChoice {
  readonly layer: LayerView;
  readonly choices: UnitChoices;
  readonly disabled: boolean;
  /** null for the guess. */
  readonly onChoose: (axis: number | null) => void;
}

/** That a layer is a guess, and where its units lie instead; nothing where the file says it. */
export function unitAxisChoice(choice: UnitAxisChoice): TemplateResult | typeof nothing {
  const { layer, choices } = choice;
  if (layer.unitAxisBy === null || layer.weight === null) return nothing;
  const own = choices.layers[layer.name]?.unitAxis;
  const options = axisOptions(layer, choices);
  const control = dropdown({
    id: 'unit-axis',
    label: l10n.t('Units of {0}', layer.name),
    value: own === undefined ? GUESS : String(own),
    options,
    disabled: choice.disabled,
    onChange: (value) => choice.onChoose(value === GUESS ? null : Number(value)),
  });
  return html`<div class="guess-line">
    <span class="sec">${l10n.t('Guessed from names and shapes, units on')}</span>${
      // The list keeps showing the text of its choice when that changes: then another takes its place.
      keyed(JSON.stringify([layer.name, options]), control)
    }
  </div>`;
}

/** The guess first, as the layout of the whole model leaves it, then the axes it is not. */
function axisOptions(layer: LayerView, choices: UnitChoices): readonly DropdownOption[] {
  const { shape = [] } = layer.weight ?? {};
  const guessed = unitAxisIn(layer, { ...choices, layers: {} });
  return [
    {
      value: GUESS,
      label: guessed === null ? l10n.t('no axis') : axisText(layer, guessed, shape[guessed]),
    },
    ...shape.flatMap((size, axis) =>
      axis === guessed ? [] : [{ value: String(axis), label: axisText(layer, axis, size) }],
    ),
  ];
}

/** `axis 0: 64 (PyTorch)`: the convention that puts units there, where there is one. */
function axisText({ unitAxisBy }: LayerView, axis: number, size = 0): string {
  const isTorch = unitAxisBy?.torch === axis;
  const isKeras = unitAxisBy?.keras === axis;
  const count = countText(size);
  if (isTorch === isKeras) return l10n.t('axis {0}: {1}', axis, count);
  return l10n.t('axis {0}: {1} ({2})', axis, count, isTorch ? 'PyTorch' : 'Keras');
}
