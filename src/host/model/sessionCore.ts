import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import type { HostToPanel, PanelTask } from '../../protocol/hostWebview';
import { ProcessEndedError } from '../../worker/rpc/processEnd';
import { defaultRecipe } from '../recipe/recipeEdits';
import { RecipeHistory } from '../recipe/recipeHistory';
import type { Services } from '../services';
import { defaultScope, defaultSparsity } from '../settings';
import { panelFailure } from '../text/userErrors';
import { emptyState, remember, replay } from './modelState';
import type { ModelState } from './modelState';
import { modelName } from './outputPlace';
import { Tasks } from './tasks';
import type { TaskWatch } from './tasks';

/**
 * What the parts of one model's session share: what is known, the recipe, and what runs. All that
 * changes is said in the panel's words; the tree listens to the same.
 */
export class SessionCore implements vscode.Disposable {
  /** The model's file (for a model kept in several files its index), absolute. */
  readonly path: string;
  readonly name: string;
  readonly services: Services;
  readonly history: RecipeHistory;
  readonly tasks: Tasks;
  readonly onDidSay: vscode.Event<HostToPanel>;
  readonly #said = new vscode.EventEmitter<HostToPanel>();
  #state = emptyState();

  constructor(path: string, services: Services) {
    this.path = path;
    this.name = modelName(path);
    this.services = services;
    const uri = vscode.Uri.file(path);
    this.history = new RecipeHistory(defaultRecipe(defaultScope(uri), defaultSparsity(uri)));
    this.tasks = new Tasks((message) => this.say(message));
    this.onDidSay = this.#said.event;
  }

  get state(): Readonly<ModelState> {
    return this.#state;
  }

  say(message: HostToPanel): void {
    remember(this.#state, message);
    this.#said.fire(message);
  }

  sayRecipe(): void {
    this.say(this.#recipeMessage());
  }

  /** Everything again, for a page that was just drawn. */
  replay(): readonly HostToPanel[] {
    const { current } = this.tasks;
    const task = current?.task ?? null;
    const progress: HostToPanel = { type: 'progress', task, report: current?.report ?? null };
    const [recipe, ...rest] = [this.#recipeMessage(), ...replay(this.#state), progress];
    return this.#state.model === null ? rest : [recipe, ...rest];
  }

  /** Forgets all but the recipe. */
  reset(): void {
    this.tasks.abandonAll();
    this.#state = emptyState();
    for (const message of replay(this.#state)) this.say(message);
  }

  /** Runs a task; what goes wrong is said. @returns null when there is no result. */
  async run<T>(task: PanelTask, job: (watch: TaskWatch) => Promise<T>): Promise<T | null> {
    if (this.#state.failure !== null) this.say({ type: 'failure', failure: null });
    const outcome = await this.tasks.run(task, job);
    if (outcome.kind === 'failed') this.fail(task, outcome.error);
    return outcome.kind === 'done' ? outcome.value : null;
  }

  /** Says that a task failed, unless the banner of a crashed worker says it already. */
  fail(task: PanelTask, error: unknown): void {
    if (error instanceof CancelledError) return;
    this.services.log.error(error instanceof Error ? error : String(error));
    const inBackground = task === 'statistics' || task === 'plan';
    if (inBackground && error instanceof ProcessEndedError) return;
    this.say({ type: 'failure', failure: panelFailure(task, this.name, error) });
  }

  dispose(): void {
    this.tasks.abandonAll();
    this.#said.dispose();
  }

  #recipeMessage(): HostToPanel {
    const { recipe, revision, canUndo } = this.history;
    return { type: 'recipe', recipe, revision, canUndo };
  }
}
