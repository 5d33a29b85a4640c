import * as l10n from '@vscode/l10n';
import type { DataRecipe } from '../../src/core/recipe/recipe';
import type { DataNote, DataView } from '../../src/protocol/views';
import { countText, shapeText } from '../format/numbers';
import { labelsText } from '../state/dataSettings';

/** Class names that fit into a line or two. */
const MAX_CLASSES_TOLD = 6;

/** The notes that still hold with the settings as they are. */
export function openNotes(view: DataView, data: DataRecipe): readonly DataNote[] {
  const chosen = labelsText(data);
  const isLabelled = chosen !== null && chosen !== '';
  const own = chosen === '' && view.notes.every(({ kind }) => kind !== 'noLabels');
  const notes = view.notes.filter((note) => {
    switch (note.kind) {
      case 'noLabels':
        return !isLabelled;
      case 'mayBeImageNet':
        return data.mean === undefined && data.std === undefined;
      case 'resized':
        return data.image?.size === undefined;
      case 'missingValues':
      case 'modelScales':
      case 'classes':
        return true;
    }
  });
  return own ? [{ kind: 'noLabels' }, ...notes] : notes;
}

/** A note in a sentence. */
export function noteText(note: DataNote): string {
  switch (note.kind) {
    case 'noLabels':
      return l10n.t('No labels: the plan is compared with the original, without accuracy or loss.');
    case 'modelScales':
      return l10n.t('The model scales pixels itself, so they are taken as they are.');
    case 'mayBeImageNet':
      return l10n.t('Models of ImageNet mostly expect its mean and deviation.');
    case 'missingValues':
      return l10n.t(
        'Row {0} of {1} is no number; choose other rows or inputs.',
        countText(note.row),
        note.column,
      );
    case 'resized':
      return l10n.t('Pictures of {0} become {1}.', shapeText(note.from), shapeText(note.to));
    case 'classes':
      return classesText(note.names);
  }
}

function classesText(names: readonly string[]): string {
  const told = names.slice(0, MAX_CLASSES_TOLD).join(', ');
  const rest = names.length > MAX_CLASSES_TOLD ? ', …' : '';
  return l10n.t('{0} classes: {1}', countText(names.length), told + rest);
}
