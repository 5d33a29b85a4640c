import * as l10n from '@vscode/l10n';
import { nothing, type TemplateResult } from 'lit-html';
import type { Recipe, UnitLayout } from '../../src/core/recipe/recipe';
import { withUnitLayout } from '../../src/core/recipe/unitAxis';
import { dropdown } from '../components/dropdown';
import { isBusy } from '../state/panelState';
import { formRow } from './formRow';
import type { Ui } from './ui';

const GUESS = 'guess';

/** Whose convention the layers follow of which the file does not say it; nothing where it says all. */
export function layoutRow(ui: Ui, recipe: Recipe): TemplateResult | typeof nothing {
  const layers = ui.state.model?.layers ?? [];
  if (!layers.some(({ prunable, unitAxisBy }) => prunable && unitAxisBy !== null)) return nothing;
  const control = dropdown({
    id: 'layout',
    label: l10n.t('Weight layout'),
    value: recipe.layout ?? GUESS,
    options: [
      { value: GUESS, label: l10n.t('As guessed') },
      { value: 'torch', label: l10n.t('PyTorch: units first') },
      { value: 'keras', label: l10n.t('Keras: units last') },
    ],
    disabled: isBusy(ui.state),
    onChange: (value) => {
      const layout: UnitLayout | null = value === 'torch' || value === 'keras' ? value : null;
      ui.dispatch({ type: 'change', recipe: withUnitLayout(recipe, layout) });
    },
  });
  return formRow(l10n.t('Weight layout'), control, {
    note: l10n.t('The file holds names and shapes only: layers and their units are a guess.'),
  });
}
