import path from 'node:path';
import type { Report } from '../../core/report/report';
import type { PruneResult } from '../../protocol/hostWebview';
import { relativePath } from '../recipe/recipePaths';
import type { RecipeOwner } from '../recipe/recipeOwner';
import { folderLabel } from '../text/folderLabel';
import { shellCommand } from '../recipe/shellCommand';
import type { OutputPlace } from './outputPlace';

/** A report with what a person wants to know around it. */
export function pruneResult(report: Report, owner: RecipeOwner, place: OutputPlace): PruneResult {
  return {
    report,
    outputName: place.name,
    outputFolder: folderLabel(place.folder),
    command: commandFor(owner, place),
  };
}

/** The shell command for the same bytes, as typed in the folder that the output appears in. */
export function commandFor(
  { path: model, recipe, recipeFile }: RecipeOwner,
  place: OutputPlace,
): string {
  const seen = (file: string): string => relativePath(place.folder, file);
  return shellCommand(recipe, {
    model: seen(model),
    output: path.basename(place.occupies) === place.name ? place.name : seen(place.path),
    recipe: seen(recipeFile),
  });
}
