import { CRITERION_TRAITS, type Criterion, needsData } from '../../src/core/criteria/criterion';
import type { DataRecipe } from '../../src/core/recipe/recipe';
import { labelsText } from './dataSettings';
import { currentRecipe, type PanelState } from './panelState';

/** What a criterion needs and does not have. */
export type MissingNeed = 'graph' | 'data' | 'labels' | 'normalization';

/** Why a criterion cannot be used on this model and data; null where it can. */
export function missingNeed(state: PanelState, criterion: Criterion): MissingNeed | null {
  const { model } = state;
  if (model === null) return null;
  if (criterion === 'bn-scale') return model.hasUnitScales ? null : 'normalization';
  if (!needsData(criterion)) return null;
  if (!model.executable) return 'graph';
  const data = scoringData(state);
  if (data === null) return 'data';
  const wantsLabels = CRITERION_TRAITS[criterion].needsLabels === true;
  return wantsLabels && !isLabelled(state, data) ? 'labels' : null;
}

/** What scores are found on: the calibration data, else that of the evaluation; null without any. */
export function scoringData(state: PanelState): DataRecipe | null {
  const recipe = currentRecipe(state);
  return recipe?.calibration ?? recipe?.data ?? null;
}

/** Whether the data says what is expected. Of a file that was not described, nobody knows better. */
function isLabelled({ data: known }: PanelState, data: DataRecipe): boolean {
  const chosen = labelsText(data);
  if (chosen !== null) return chosen !== '';
  const view = known?.selected ?? null;
  if (view?.path !== data.file) return true;
  return view.notes.every(({ kind }) => kind !== 'noLabels');
}
