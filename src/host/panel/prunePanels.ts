import * as vscode from 'vscode';
import type { Recipe } from '../../core/recipe/recipe';
import type { Report } from '../../core/report/report';
import { modelName } from '../model/outputPlace';
import type { OutputPlace } from '../model/outputPlace';
import type { ModelSession } from '../model/modelSession';
import type { Sessions } from '../model/sessions';
import type { Services } from '../services';
import { notifyFailure } from '../text/notifyFailure';
import type { PanelActions } from './panelActions';
import { PanelSession } from './panelSession';
import { PrunePanel } from './prunePanel';

/** A recipe that was run from its file. */
export interface RecipeRun {
  readonly recipe: Recipe;
  readonly file: string;
  readonly modelPath: string;
}

interface OpenPanel {
  readonly panel: PrunePanel;
  readonly session: PanelSession;
}

/** The prune panels of this window, one a model; also those that a window reload cut off. */
export class PrunePanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #open = new Map<string, OpenPanel>();
  readonly #services: Services;
  readonly #sessions: Sessions;
  readonly #actions: PanelActions;
  #lastActive: string | null = null;

  constructor(services: Services, sessions: Sessions, actions: PanelActions) {
    this.#services = services;
    this.#sessions = sessions;
    this.#actions = actions;
  }

  /** The model of the panel that the user looked at last; null when none is open. */
  get lastActive(): ModelSession | null {
    const path = this.#lastActive;
    return path === null ? null : (this.#open.get(path)?.session.model ?? null);
  }

  /** Shows the panel of a model, a new one unless it is open. */
  show(path: string): ModelSession {
    const known = this.#open.get(path);
    if (known !== undefined) {
      known.panel.reveal();
      return known.session.model;
    }
    return this.#attach(PrunePanel.create(this.#services.extensionUri), path);
  }

  /** Shows the comparison of criteria in the panel of a model. */
  compare(path: string): void {
    this.show(path);
    this.#open.get(path)?.session.showPage('compare');
  }

  /** Shows what a recipe that ran without a panel did, with that recipe in the panel. */
  async showResult(run: RecipeRun, report: Report, place: OutputPlace): Promise<void> {
    const model = this.show(run.modelPath);
    await model.useRecipe(run.recipe, run.file);
    await this.#open.get(run.modelPath)?.panel.drawn;
    model.showResult(report, place);
  }

  close(path: string): void {
    this.#open.get(path)?.panel.dispose();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const path = pathOfState(state);
    if (path === null || this.#open.has(path)) panel.dispose();
    else this.#attach(panel, path);
    return Promise.resolve();
  }

  dispose(): void {
    for (const { panel } of this.#open.values()) panel.dispose();
  }

  #attach(webviewPanel: vscode.WebviewPanel, path: string): ModelSession {
    const model = this.#sessions.hold(path, 'panel');
    const panel = new PrunePanel(webviewPanel, {
      received: (message) => void this.#receive(path, message),
      activated: () => (this.#lastActive = path),
      closed: () => this.#close(path),
    });
    const session = new PanelSession(panel, model, this.#services, this.#actions);
    this.#open.set(path, { panel, session });
    this.#lastActive = path;
    const { extensionUri } = this.#services;
    const title = PrunePanel.label(webviewPanel, extensionUri, modelName(path));
    panel.fill({ extensionUri, entry: 'panel', path, title });
    return model;
  }

  async #receive(path: string, message: Parameters<PanelSession['receive']>[0]): Promise<void> {
    try {
      await this.#open.get(path)?.session.receive(message);
    } catch (error) {
      const title = vscode.l10n.t('Secateur could not do this');
      await notifyFailure(title, error, this.#services.log);
    }
  }

  #close(path: string): void {
    this.#open.get(path)?.session.dispose();
    this.#open.delete(path);
    if (this.#lastActive === path) this.#lastActive = [...this.#open.keys()].at(-1) ?? null;
    void this.#services.memory.setOpenRecipe(path, null);
    this.#sessions.release(path, 'panel');
  }
}

/** The page's own state, which comes back from the disk and may be of an older version. */
function pathOfState(state: unknown): string | null {
  if (typeof state !== 'object' || state === null || !('path' in state)) return null;
  return typeof state.path === 'string' ? state.path : null;
}
