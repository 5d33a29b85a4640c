import * as vscode from 'vscode';
import type { HostToPanel, PanelToHost } from '../../protocol/hostWebview';
import type { ModelSession } from '../model/modelSession';
import type { Services } from '../services';
import type { PanelActions } from './panelActions';
import type { PrunePanel } from './prunePanel';

/** One panel and its model: what the page asks for is done, what becomes of it is told the page. */
export class PanelSession implements vscode.Disposable {
  readonly model: ModelSession;
  readonly #panel: PrunePanel;
  readonly #services: Services;
  readonly #actions: PanelActions;
  readonly #disposables: readonly vscode.Disposable[];
  #selectedLayer: string | null = null;
  #pageToShow: 'plan' | 'compare' | null = null;

  constructor(panel: PrunePanel, model: ModelSession, services: Services, actions: PanelActions) {
    this.model = model;
    this.#panel = panel;
    this.#services = services;
    this.#actions = actions;
    this.#disposables = [
      model.onDidSay((message) => this.#pass(message)),
      model.onDidSelectLayer(({ layer, source }) => {
        this.#selectedLayer = layer;
        if (source !== 'panel') panel.say({ type: 'selectLayer', layer });
      }),
    ];
    model.startPlanning();
    void model.open();
  }

  /** Shows one of the pages of the panel, as soon as it is drawn. */
  showPage(page: 'plan' | 'compare'): void {
    this.#pageToShow = this.#panel.say({ type: 'showPage', page }) ? null : page;
  }

  /** Does what the page asks for. */
  async receive(message: PanelToHost): Promise<void> {
    const { model } = this;
    switch (message.type) {
      case 'ready':
        this.#replay();
        return;
      case 'changeRecipe':
        model.changeRecipe(message.recipe);
        return;
      case 'undo':
        model.undo();
        return;
      case 'selectLayer':
        model.selectLayer({ layer: message.layer, source: 'panel' });
        return;
      case 'inSight':
        await model.lookAt(message.tensors);
        return;
      case 'unitScores':
        await model.readUnitScores(message.tensor);
        return;
      case 'chooseData':
        await model.data.choose(message.path);
        return;
      case 'changeData':
        await model.data.change(message.data);
        return;
      case 'browseData':
        await this.#actions.browseData(model);
        return;
      case 'browseMask':
        await this.#actions.browseMask(model);
        return;
      case 'browseCalibration':
        await this.#actions.browseCalibration(model);
        return;
      case 'plan':
        model.plan();
        return;
      case 'sweep':
        await model.sweep(message);
        return;
      case 'sensitivity':
        await model.measureSensitivity(message.levels);
        return;
      case 'evaluate':
        await this.#actions.evaluate(model);
        return;
      case 'prune':
        await this.#actions.prune(model);
        return;
      case 'cancel':
        model.cancel();
        return;
      case 'saveRecipe':
        await this.#actions.saveRecipe(model);
        return;
      case 'openResult':
        await this.#actions.openResult(model);
        return;
      case 'exportPacked':
        await this.#actions.exportPacked(model);
        return;
      case 'showRecipe':
        await this.#actions.showRecipe(model);
        return;
      case 'copyCommand':
        await this.#actions.copyCommand(model);
        return;
      case 'reload':
        await model.reload();
        return;
      case 'showLog':
        this.#services.log.show();
        return;
      case 'dismissBanner':
        model.dismissBanner();
        return;
      case 'manageTrust':
        await vscode.commands.executeCommand('workbench.trust.manage');
        return;
    }
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #replay(): void {
    for (const message of this.model.replay()) this.#panel.say(message);
    const layer = this.#selectedLayer;
    if (layer !== null) this.#panel.say({ type: 'selectLayer', layer });
    const page = this.#pageToShow;
    if (page !== null) this.showPage(page);
  }

  #pass(message: HostToPanel): void {
    this.#panel.say(message);
    if (message.type !== 'recipe') return;
    const { memory } = this.#services;
    void memory.setOpenRecipe(this.model.path, message.recipe);
  }
}
