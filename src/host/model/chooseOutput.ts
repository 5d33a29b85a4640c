import * as vscode from 'vscode';
import { fileExists } from './fileExists';
import { nextPlace } from './outputPlace';
import type { OutputPlace } from './outputPlace';

export interface OutputChoice {
  readonly place: OutputPlace;
  readonly replace: boolean;
}

/** Asks what to do with an output that is there already. @returns null when the user cancels. */
export async function chooseOutput(place: OutputPlace): Promise<OutputChoice | null> {
  if (!(await isTaken(place))) return { place, replace: false };
  const replace = vscode.l10n.t('Replace');
  const keepBoth = vscode.l10n.t('Keep Both');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} already exists. Do you want to replace it?', place.name),
    {
      modal: true,
      detail: vscode.l10n.t('Replacing it cannot be undone. The original model is not touched.'),
    },
    replace,
    keepBoth,
  );
  if (chosen === replace) return { place, replace: true };
  return chosen === keepBoth ? { place: await freePlace(place), replace: false } : null;
}

/** The first place by number that is not taken. */
async function freePlace(taken: OutputPlace): Promise<OutputPlace> {
  let place = nextPlace(taken);
  while (await isTaken(place)) place = nextPlace(place);
  return place;
}

function isTaken(place: OutputPlace): Promise<boolean> {
  return fileExists(vscode.Uri.file(place.occupies));
}
