import path from 'node:path';
import type { Page } from 'playwright-core';
import { CancelledError } from '../../../src/core/errors';
import { DEFAULT_RECIPE } from '../../../src/core/recipe/parseRecipe';
import type { DataRecipe, Recipe } from '../../../src/core/recipe/recipe';
import type {
  HostToPanel,
  PanelTask,
  PanelToHost,
  SweepOrder,
} from '../../../src/protocol/hostWebview';
import type { WorkerProgress } from '../../../src/protocol/hostWorker';
import type { DataView } from '../../../src/protocol/views';
import { workerHandlers } from '../../../src/worker/handlers';
import type { RequestControl } from '../../../src/worker/rpc/requestMap';
import { waitFor } from '../../helpers/waitFor';
import { omit } from '../../../webview/state/omit';

export interface PreviewModel {
  /** Absolute. */
  readonly path: string;
  readonly data: string | null;
  readonly recipe?: Partial<Recipe>;
  readonly outputFolder: string;
  readonly trusted?: boolean;
}

/** One for all pages, as one worker serves a window. */
const handlers = workerHandlers();

/** Plays the extension host for one page: the real pipeline in this process, without VS Code. */
export class PreviewHost {
  /** What the page has asked for, in order. */
  readonly received: PanelToHost[] = [];
  readonly #page: Page;
  readonly #model: PreviewModel;
  #recipe: Recipe;
  #revision = 1;
  #earlier: Recipe[] = [];
  #job: AbortController | null = null;
  #output: string | null = null;
  #planned: readonly string[] = [];

  constructor(page: Page, model: PreviewModel) {
    this.#page = page;
    this.#model = model;
    this.#recipe = { ...DEFAULT_RECIPE, ...model.recipe };
  }

  /** Listens to the page; call before it is loaded. */
  async listen(): Promise<void> {
    await this.#page.exposeFunction('toHost', (text: string) => {
      const message = JSON.parse(text) as PanelToHost;
      this.received.push(message);
      void this.#receive(message);
    });
  }

  /** The first message of a kind, waited for. */
  receivedFirst<T extends PanelToHost['type']>(
    type: T,
  ): Promise<Extract<PanelToHost, { readonly type: T }>> {
    return waitFor(type, () => this.receivedAll(type)[0]);
  }

  /** The messages of a kind so far. */
  receivedAll<T extends PanelToHost['type']>(
    type: T,
  ): Extract<PanelToHost, { readonly type: T }>[] {
    return this.received.filter(
      (message): message is Extract<PanelToHost, { readonly type: T }> => message.type === type,
    );
  }

  /** Says something to the page. */
  async say(message: HostToPanel): Promise<void> {
    try {
      await this.#page.evaluate((data) => {
        window.postMessage(data, '*');
      }, message);
    } catch (error) {
      // A closed page needs no answer any more.
      if (!this.#page.isClosed()) throw error;
    }
  }

  /** Tells the page everything about the model, as the host does once it is open. */
  async open(): Promise<void> {
    const { path: file, data } = this.#model;
    const model = await handlers.openModel({ path: file }, this.#control('open'));
    const context = {
      folder: path.basename(path.dirname(file)),
      outputName: outputName(model.name),
      trusted: this.#model.trusted ?? true,
      engine: 'TensorFlow.js (WebAssembly)',
    };
    await this.say({ type: 'model', model, context });
    await this.#sayRecipe();
    await this.#sayData(model.executable ? data : null);
    await this.#task('statistics', async (control) => {
      await handlers.readStatistics({ path: file }, control);
    });
    await this.#plan();
  }

  async #receive(message: PanelToHost): Promise<void> {
    switch (message.type) {
      case 'changeRecipe':
        await this.#change(message.recipe);
        break;
      case 'changeData':
        await this.#change({ ...this.#recipe, data: message.data });
        break;
      case 'undo':
        await this.#undo();
        break;
      case 'evaluate':
        await this.#evaluate();
        break;
      case 'prune':
        await this.#prune();
        break;
      case 'cancel':
        this.#job?.abort();
        break;
      case 'chooseData':
        await this.#sayData(message.path);
        break;
      case 'unitScores':
        await this.#unitScores(message.tensor);
        break;
      case 'plan':
        await this.#plan();
        break;
      case 'sweep':
        await this.#sweep(message);
        break;
      case 'sensitivity':
        await this.#sensitivity(message.levels);
        break;
      case 'ready':
      case 'inSight':
      case 'browseData':
      case 'browseMask':
      case 'browseCalibration':
      case 'copyCommand':
      case 'dismissBanner':
      case 'manageTrust':
      case 'openResult':
      case 'exportPacked':
      case 'reload':
      case 'saveRecipe':
      case 'selectLayer':
      case 'showLog':
      case 'showRecipe':
        break;
    }
  }

  async #change(recipe: Recipe): Promise<void> {
    this.#earlier.push(this.#recipe);
    await this.#use(recipe);
  }

  async #undo(): Promise<void> {
    const earlier = this.#earlier.pop();
    if (earlier !== undefined) await this.#use(earlier);
  }

  async #use(recipe: Recipe): Promise<void> {
    this.#recipe = recipe;
    this.#revision += 1;
    await this.#sayRecipe();
    await this.#plan();
  }

  async #sayRecipe(): Promise<void> {
    const canUndo = this.#earlier.length > 0;
    const revision = this.#revision;
    await this.say({ type: 'recipe', recipe: this.#recipe, revision, canUndo });
  }

  async #plan(): Promise<void> {
    const [recipe, revision] = [this.#recipe, this.#revision];
    await this.#task('plan', async (control) => {
      const plan = await handlers.plan({ path: this.#model.path, recipe }, control);
      this.#planned = plan.entries.map((entry) => entry.tensor);
      if (revision === this.#revision) await this.say({ type: 'plan', plan, revision });
    });
  }

  async #unitScores(tensor: string): Promise<void> {
    const [recipe, revision] = [this.#recipe, this.#revision];
    const order = { path: this.#model.path, recipe, tensor, planned: this.#planned };
    const units = await handlers.unitScores(order, this.#control('plan'));
    await this.say({ type: 'unitScores', tensor, units, revision });
  }

  async #sayData(file: string | null): Promise<void> {
    const { data } = this.#model;
    const choices = data === null ? [] : [{ path: data, label: path.basename(data) }];
    const selected = file === null ? null : await this.#describe(file);
    await this.say({ type: 'data', choices, selected });
    const recipe = withData(this.#recipe, selected?.suggestion ?? null);
    this.#recipe = recipe;
    this.#revision += 1;
    await this.#sayRecipe();
  }

  #describe(file: string): Promise<DataView> {
    const params = { path: file, modelPath: this.#model.path };
    return handlers.describeData(params, this.#control('evaluate'));
  }

  async #evaluate(): Promise<void> {
    const [recipe, revision] = [this.#recipe, this.#revision];
    const { data } = recipe;
    if (data === undefined) return;
    await this.#task('evaluate', async (control) => {
      const params = { path: this.#model.path, recipe, data, planned: true };
      const pair = await handlers.evaluate(params, control);
      await this.say({ type: 'evaluation', ...pair, revision });
    });
  }

  async #sweep({ methods, sparsities, bounds }: SweepOrder): Promise<void> {
    const [recipe, revision] = [{ ...this.#recipe, bounds }, this.#revision];
    const run = { methods, sparsities, bounds, parts: [], revision };
    await this.say({ type: 'sweep', sweep: { ...run, result: null } });
    await this.#task('sweep', async (control) => {
      const order = { path: this.#model.path, recipe, methods, sparsities, seeds: [recipe.seed] };
      const result = await handlers.sweep(order, control);
      await this.say({ type: 'sweep', sweep: { ...run, result } });
    });
  }

  async #sensitivity(levels: readonly number[]): Promise<void> {
    const [recipe, revision] = [this.#recipe, this.#revision];
    await this.#task('sensitivity', async (control) => {
      const order = { path: this.#model.path, recipe, levels };
      const result = await handlers.sensitivity(order, control);
      await this.say({ type: 'sensitivity', result, revision });
    });
  }

  /** The file that was pruned, when it is there. */
  outcome(): Promise<{ readonly path: string }> {
    return waitFor('the pruned file', () =>
      this.#output === null ? undefined : { path: this.#output },
    );
  }

  async #prune(): Promise<void> {
    const [recipe, revision] = [this.#recipe, this.#revision];
    const { path: file, outputFolder } = this.#model;
    const name = outputName(path.basename(file));
    const output = path.join(outputFolder, name);
    await this.#task('prune', async (control) => {
      const params = { path: file, recipe, output, replace: true };
      const report = await handlers.prune(params, control);
      this.#output = report.output ?? null;
      const command = `secateur prune ${path.basename(file)} --sparsity 0.5 \\\n  -o ${name}`;
      const result = { report, outputName: name, outputFolder: 'models', command };
      await this.say({ type: 'result', result, revision });
    });
  }

  async #task(
    task: PanelTask,
    run: (control: RequestControl<WorkerProgress>) => Promise<void>,
  ): Promise<void> {
    this.#job = new AbortController();
    await this.say({ type: 'progress', task, report: null });
    try {
      await run(this.#control(task));
    } catch (error) {
      await this.#fail(task, error);
    } finally {
      await this.say({ type: 'progress', task: null, report: null });
    }
  }

  async #fail(task: PanelTask, error: unknown): Promise<void> {
    if (error instanceof CancelledError) {
      await this.say({ type: 'cancelled', task });
      return;
    }
    const detail = error instanceof Error ? error.message : String(error);
    const failure = { task, title: 'It failed', detail, assurance: null };
    await this.say({ type: 'failure', failure });
  }

  #control(task: PanelTask): RequestControl<WorkerProgress> {
    const signal = this.#job?.signal ?? new AbortController().signal;
    return {
      signal,
      report: (progress) => {
        if (progress.kind === 'tensorStatistics') {
          void this.say({ type: 'statistics', statistics: [progress.statistics] });
        } else if (progress.kind === 'sweepPart') {
          void this.say({ type: 'sweepPart', part: progress.part });
        } else void this.say({ type: 'progress', task, report: progress.report });
      },
    };
  }
}

function withData(recipe: Recipe, data: DataRecipe | null): Recipe {
  const rest = omit(recipe, 'data');
  return data === null ? rest : { ...rest, data };
}

function outputName(name: string): string {
  const { name: stem, ext } = path.parse(name);
  return `${stem}.pruned${ext}`;
}
