import * as vscode from 'vscode';
import type { Recipe } from '../../core/recipe/recipe';
import type { Report } from '../../core/report/report';
import type { HostToPanel, SweepOrder } from '../../protocol/hostWebview';
import { recipePathOf } from '../recipe/recipeFile';
import { withData } from '../recipe/recipeEdits';
import type { Services } from '../services';
import { endSentence } from '../text/userErrors';
import { Banners } from './banners';
import { DataSelection } from './dataSelection';
import { watchModelFiles } from './fileWatch';
import type { ModelState } from './modelState';
import { outputPlace } from './outputPlace';
import type { OutputPlace } from './outputPlace';
import { panelContext } from './panelContext';
import { PlanFiles } from './planFiles';
import { Planner } from './planner';
import { pruneResult } from './pruneResult';
import { SessionCore } from './sessionCore';
import { startingRecipe } from './startingRecipe';
import { prune } from './prune';
import { StatisticsReader } from './statisticsReader';
import type { RunningTask } from './tasks';
import { UnitScoreReader } from './unitScoreReader';

/** A layer that was selected, and where. */
export interface LayerSelection {
  readonly layer: string;
  readonly source: 'panel' | 'tree' | 'inspector';
}

/** One model that is looked at: what is known of it, its recipe, and what can be done with it. */
export class ModelSession implements vscode.Disposable {
  readonly data: DataSelection;
  readonly onDidSay: vscode.Event<HostToPanel>;
  readonly onDidSelectLayer: vscode.Event<LayerSelection>;
  /** Reading the weights has ended, was cancelled or has failed. */
  readonly onDidReadStatistics: vscode.Event<void>;
  readonly #core: SessionCore;
  readonly #banners: Banners;
  readonly #planner: Planner;
  readonly #statistics: StatisticsReader;
  readonly #units: UnitScoreReader;
  readonly #planFiles: PlanFiles;
  readonly #selected = new vscode.EventEmitter<LayerSelection>();
  readonly #disposables: readonly { dispose(): void }[];
  #opening: Promise<void> | null = null;
  #recipeFile: string | null = null;
  #resultPlace: OutputPlace | null = null;

  constructor(path: string, services: Services) {
    const core = new SessionCore(path, services);
    this.#core = core;
    this.#banners = new Banners((banner) => core.say({ type: 'banner', banner }));
    this.#planner = new Planner(core);
    this.#statistics = new StatisticsReader(core);
    this.#units = new UnitScoreReader(core);
    this.#planFiles = new PlanFiles(() => this.plan());
    this.data = new DataSelection(core, (data) =>
      this.changeRecipe(withData(core.history.recipe, data)),
    );
    this.onDidSay = core.onDidSay;
    this.onDidSelectLayer = this.#selected.event;
    this.onDidReadStatistics = this.#statistics.onDidEnd;
    const readers = [this.#statistics, this.#units, this.#planFiles];
    const parts = [core, this.#planner, ...readers, this.#selected];
    this.#disposables = [...parts, ...this.#listen()];
  }

  get path(): string {
    return this.#core.path;
  }

  get name(): string {
    return this.#core.name;
  }

  get state(): Readonly<ModelState> {
    return this.#core.state;
  }

  get recipe(): Recipe {
    return this.#core.history.recipe;
  }

  get isOpening(): boolean {
    return this.#core.tasks.isRunning('open');
  }

  /** Reading the weights as far as it has come; null while they are not read. */
  get reading(): RunningTask | null {
    return this.#core.tasks.find('statistics');
  }

  /** All weights have been read. */
  get isRead(): boolean {
    return this.#statistics.isComplete;
  }

  /** The file that the recipe is kept in, or would be. */
  get recipeFile(): string {
    return this.#recipeFile ?? recipePathOf(this.path);
  }

  set recipeFile(file: string) {
    this.#recipeFile = file;
  }

  /** Where the last result went, or the next one would. */
  get outputPlace(): OutputPlace {
    return this.#resultPlace ?? outputPlace(this.path);
  }

  /** Opens the model and starts to read its weights; a failure is said, not thrown. */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** The model anew, with the recipe as it is now. */
  async reload(): Promise<void> {
    this.#core.reset();
    this.#banners.lower('fileChanged');
    this.#statistics.forget();
    this.#opening = this.#openModel();
    await this.#opening;
  }

  /** Reads the weights, unless they are read already; goes on after a cancel or a crash. */
  async readStatistics(): Promise<void> {
    if (this.state.model === null) await this.#openModel();
    else await this.#statistics.read();
  }

  cancelReading(): void {
    this.#core.tasks.cancel('statistics');
  }

  /** Tells which tensors are in sight, so that they are measured first. */
  lookAt(tensors: readonly string[]): Promise<void> {
    return this.#statistics.lookAt(tensors);
  }

  /** Tells what the units of a tensor are ranked by. */
  readUnitScores(tensor: string): Promise<void> {
    return this.#units.read(tensor);
  }

  /** From now on there is a plan for each change of the recipe. */
  startPlanning(): void {
    this.#planner.start();
  }

  /** Everything again, for a page that was just drawn. */
  replay(): readonly HostToPanel[] {
    return this.#core.replay();
  }

  /** Takes over a changed recipe; confirmed also when nothing changed, since somebody waits. */
  changeRecipe(recipe: Recipe): void {
    const earlier = this.recipe;
    this.#core.history.change(recipe);
    this.#recipeChanged(earlier);
  }

  undo(): void {
    const earlier = this.recipe;
    if (this.#core.history.undo()) this.#recipeChanged(earlier);
  }

  /** Takes a recipe from a file; there is nothing to take back before it. */
  async useRecipe(recipe: Recipe, file: string): Promise<void> {
    await this.open();
    this.#recipeFile = file;
    const earlier = this.recipe;
    this.#core.history.restart(recipe);
    this.#recipeChanged(earlier);
    await this.data.offer();
  }

  selectLayer(selection: LayerSelection): void {
    this.#selected.fire(selection);
  }

  /** Evaluates the model as it is and as the plan would leave it. */
  async evaluate(): Promise<void> {
    const { path, services, history } = this.#core;
    const { recipe, revision } = history;
    const { data } = recipe;
    if (data === undefined) return;
    const result = await this.#core.run('evaluate', (watch) =>
      services.client.evaluate({ path, recipe, data, planned: true }, watch),
    );
    if (result !== null) this.#core.say({ ...result, type: 'evaluation', revision });
  }

  /** Compares criteria on the data, each over several sparsities; curves are said as they come. */
  async sweep({ methods, sparsities, bounds }: SweepOrder): Promise<void> {
    const core = this.#core;
    const { path, services, history } = core;
    const { recipe, revision } = history;
    const run = { methods, sparsities, bounds, parts: [], revision };
    core.say({ type: 'sweep', sweep: { ...run, result: null } });
    const order = {
      path,
      recipe: { ...recipe, bounds },
      methods,
      sparsities,
      seeds: [recipe.seed],
    };
    const result = await core.run('sweep', (watch) =>
      services.client.sweep(order, (part) => core.say({ type: 'sweepPart', part }), watch),
    );
    if (result !== null) core.say({ type: 'sweep', sweep: { ...run, result } });
  }

  /** Measures what each layer alone costs at several sparsities. */
  async measureSensitivity(levels: readonly number[]): Promise<void> {
    const { path, services, history } = this.#core;
    const { recipe, revision } = history;
    const result = await this.#core.run('sensitivity', (watch) =>
      services.client.sensitivity({ path, recipe, levels }, watch),
    );
    if (result !== null) this.#core.say({ type: 'sensitivity', result, revision });
  }

  /** Plans the recipe again, after a cancel or a failure. */
  plan(): void {
    this.#planner.schedule();
  }

  /** Writes the pruned model. @returns whether it is there. */
  async prune(place: OutputPlace, replace: boolean): Promise<boolean> {
    const { path, services, history, state } = this.#core;
    const executable = state.model?.executable ?? false;
    const recipe = executable ? history.recipe : withData(history.recipe, null);
    const report = await this.#core.run('prune', (watch) =>
      prune(services, { path, recipe, place, replace }, watch),
    );
    if (report !== null) this.#sayResult(report, place);
    return report !== null;
  }

  /** Tells what a run with the present recipe did, as if it had run here: the page opens it. */
  showResult(report: Report, place: OutputPlace): void {
    this.#core.say({ type: 'progress', task: 'prune', report: null });
    this.#sayResult(report, place);
    this.#core.tasks.sayProgress();
  }

  /** Cancels what the user waits for. */
  cancel(): void {
    this.#core.tasks.cancelCurrent();
  }

  dismissBanner(): void {
    this.#banners.dismiss();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #listen(): vscode.Disposable[] {
    const core = this.#core;
    return [
      watchModelFiles(core.path, () => this.#banners.raise({ kind: 'fileChanged' })),
      core.services.worker.onDidCrash(({ end }) =>
        this.#banners.raise({ kind: 'workerRestarted', reason: endSentence(end) }),
      ),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#sayModel()),
    ];
  }

  async #open(): Promise<void> {
    const { path, history, services } = this.#core;
    const { recipe, file } = await startingRecipe(path, history.recipe, services);
    history.restart(recipe);
    this.#recipeFile ??= file;
    await this.#openModel();
  }

  async #openModel(): Promise<void> {
    const { path, services } = this.#core;
    services.log.info(`opening ${path}`);
    const { architecture } = this.recipe;
    const model = await this.#core.run('open', (watch) =>
      services.client.openModel(path, architecture, watch),
    );
    if (model === null) return;
    this.#core.say({ type: 'model', model, context: panelContext(path) });
    this.#sayTrust();
    this.#core.sayRecipe();
    this.#planFiles.watch(this.recipe);
    this.#planner.schedule();
    void this.#statistics.read();
    if (model.executable) void this.data.offer();
  }

  #sayResult(report: Report, place: OutputPlace): void {
    this.#resultPlace = place;
    const result = pruneResult(report, this, place);
    this.#core.say({ type: 'result', result, revision: this.#core.history.revision });
  }

  #recipeChanged(earlier: Recipe): void {
    this.#core.sayRecipe();
    this.#planFiles.watch(this.recipe);
    this.#planner.recipeChanged(earlier);
    void this.#statistics.read();
  }

  #sayModel(): void {
    const { model } = this.state;
    if (model === null) return;
    this.#core.say({ type: 'model', model, context: panelContext(this.path) });
    this.#sayTrust();
  }

  #sayTrust(): void {
    if (vscode.workspace.isTrusted) this.#banners.lower('untrusted');
    else this.#banners.raise({ kind: 'untrusted' });
  }
}
