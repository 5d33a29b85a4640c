import * as vscode from 'vscode';
import { ModelFolders } from './host/commands/modelFolders';
import { registerCommands } from './host/commands/registerCommands';
import { nativeStorage } from './host/engine/engineSettings';
import { watchEngineSettings } from './host/engine/engineWatch';
import { InspectorEditor } from './host/inspector/inspectorEditor';
import { LayersView } from './host/layers/layersView';
import { Memory } from './host/memory';
import { Sessions } from './host/model/sessions';
import { PanelActions } from './host/panel/panelActions';
import { PrunePanel } from './host/panel/prunePanel';
import { PrunePanels } from './host/panel/prunePanels';
import type { Services } from './host/services';
import { WorkerClient } from './host/worker/workerClient';
import { WorkerProcess } from './host/worker/workerProcess';

/** Called by VS Code when one of the extension's contributions is used for the first time. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Secateur', { log: true });
  const worker = new WorkerProcess(context.asAbsolutePath('dist/worker.js'), log);
  const services: Services = {
    worker,
    client: new WorkerClient(worker),
    memory: new Memory(context.workspaceState),
    log,
    extensionUri: context.extensionUri,
    nativeFolder: nativeStorage(context),
  };
  const sessions = new Sessions(services);
  const layers = new LayersView(sessions);
  const actions = new PanelActions(services);
  const panels = new PrunePanels(services, sessions, actions);
  const inspectors = new InspectorEditor(services, sessions);
  const folders = new ModelFolders();
  context.subscriptions.push(
    ...registerCommands({ services, sessions, panels, actions, layers, inspectors }),
    vscode.window.registerWebviewPanelSerializer(PrunePanel.viewType, panels),
    ...inspectors.register(),
    panels,
    layers,
    sessions,
    folders,
    watchEngineSettings(context, services),
    worker,
    log,
  );
  void folders.search();
}
