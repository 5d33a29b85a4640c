import * as vscode from 'vscode';
import { InspectorEditor } from '../inspector/inspectorEditor';
import type { LayerNode } from '../layers/layerNodes';
import type { LayersView } from '../layers/layersView';
import { defaultRecipe } from '../recipe/recipeEdits';
import { startingRecipe } from '../model/startingRecipe';
import type { Sessions } from '../model/sessions';
import type { PanelActions } from '../panel/panelActions';
import type { PrunePanels } from '../panel/prunePanels';
import type { Services } from '../services';
import { recipePathOf } from '../recipe/recipeFile';
import { defaultScope, defaultSparsity } from '../settings';
import { notifyFailure } from '../text/notifyFailure';
import { evaluateModel } from './evaluateModel';
import { filterLayersCommand, layerCommands } from './layerCommands';
import { auditPickle } from './auditPickle';
import { installNativeEngine } from './installNativeEngine';
import { modelOrPick } from './pickModel';
import { runRecipe } from './runRecipe';
import { exportPacked } from './exportPacked';
import { saveAsSafetensors } from './saveAsSafetensors';

export interface CommandParts {
  readonly services: Services;
  readonly sessions: Sessions;
  readonly panels: PrunePanels;
  readonly actions: PanelActions;
  readonly layers: LayersView;
  readonly inspectors: InspectorEditor;
}

type Command = (...args: never[]) => unknown;

/** Every command of package.json. A failure of any of them is told with its title. */
export function registerCommands(parts: CommandParts): vscode.Disposable[] {
  const { services, panels, layers } = parts;
  const commands: Readonly<Record<string, Command>> = {
    'secateur.pruneModel': (uri?: vscode.Uri) => pruneModel(uri, parts),
    'secateur.inspectModel': (uri?: vscode.Uri) => inspectModel(uri, parts),
    'secateur.auditPickle': (uri?: vscode.Uri) => auditPickle(uri, parts),
    'secateur.exportPacked': (uri?: vscode.Uri) => exportPacked(uri, services),
    'secateur.saveAsSafetensors': (uri?: vscode.Uri) => saveAsSafetensors(uri, services),
    'secateur.evaluateModel': (uri?: vscode.Uri) => evaluateModel(uri, services),
    'secateur.compareCriteria': (from?: vscode.Uri | LayerNode) => compareCriteria(from, parts),
    'secateur.runRecipe': (uri?: vscode.Uri) => runRecipe(uri, services, panels),
    'secateur.saveRecipe': () => saveRecipe(parts),
    'secateur.installNativeEngine': () => installNativeEngine(services),
    'secateur.showLog': () => services.log.show(),
    'secateur.restartWorker': () => services.worker.stop(),
    'secateur.openPanel': (node?: LayerNode) => openPanel(node, parts),
    'secateur.closeModel': ({ session }: LayerNode) => closeModel(session.path, parts),
    'secateur.filterLayers': () => filterLayersCommand(layers),
    'secateur.clearLayerFilter': () => layers.setFilter(''),
    ...layerCommands(layers),
  };
  return Object.entries(commands).map(([id, command]) =>
    vscode.commands.registerCommand(id, async (...args: never[]) => {
      try {
        await command(...args);
      } catch (error) {
        await notifyFailure(vscode.l10n.t('The command failed'), error, services.log);
      }
    }),
  );
}

async function pruneModel(uri: vscode.Uri | undefined, parts: CommandParts): Promise<void> {
  const { services, panels } = parts;
  const file = uri ?? InspectorEditor.activeFile ?? undefined;
  const path = await modelOrPick(file, vscode.l10n.t('Prune Model'), services.memory);
  if (path !== null) panels.show(path);
}

/** From the Explorer, from the tree of layers, or for the model that is looked at. */
async function compareCriteria(
  from: vscode.Uri | LayerNode | undefined,
  parts: CommandParts,
): Promise<void> {
  const { services, panels } = parts;
  const open = panels.lastActive;
  const shown = open === null ? undefined : vscode.Uri.file(open.path);
  const given = from instanceof vscode.Uri ? from : from && vscode.Uri.file(from.session.path);
  const file = given ?? InspectorEditor.activeFile ?? shown;
  const path = await modelOrPick(file, vscode.l10n.t('Compare Criteria'), services.memory);
  if (path !== null) panels.compare(path);
}

/** From the view's title there is no row: then the selected one counts, or the only model. */
async function openPanel(node: LayerNode | undefined, parts: CommandParts): Promise<void> {
  const { sessions, panels, layers } = parts;
  const [only, ...others] = sessions.all;
  const session =
    (node ?? layers.selection[0])?.session ?? (others.length === 0 ? only : undefined);
  if (session !== undefined) panels.show(session.path);
  else await pruneModel(undefined, parts);
}

async function inspectModel(
  uri: vscode.Uri | undefined,
  { services, inspectors }: CommandParts,
): Promise<void> {
  const path = await modelOrPick(uri, vscode.l10n.t('Inspect Model'), services.memory);
  if (path !== null) await inspectors.show(path);
}

/** The recipe of the panel in front; without one, that of a model the user picks. */
async function saveRecipe({ services, panels, actions }: CommandParts): Promise<void> {
  const active = panels.lastActive;
  if (active !== null) {
    await actions.saveRecipe(active);
    return;
  }
  const path = await modelOrPick(undefined, vscode.l10n.t('Save Recipe'), services.memory);
  if (path === null) return;
  const uri = vscode.Uri.file(path);
  const otherwise = defaultRecipe(defaultScope(uri), defaultSparsity(uri));
  const { recipe, file } = await startingRecipe(path, otherwise, services);
  await actions.saveRecipe({ path, recipe, recipeFile: file ?? recipePathOf(path) });
}

/** A model is out of the tree when nothing shows it any more. */
function closeModel(path: string, { panels, inspectors }: CommandParts): void {
  panels.close(path);
  inspectors.close(path);
}
