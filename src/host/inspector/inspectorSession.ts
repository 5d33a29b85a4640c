import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { unitChoicesOf, withUnitAxis } from '../../core/recipe/unitAxis';
import type { HostToInspector, InspectorToHost } from '../../protocol/hostInspector';
import type { HostToPanel } from '../../protocol/hostWebview';
import type { EqualTensors } from '../../protocol/views';
import type { ModelSession } from '../model/modelSession';
import type { WebviewPage } from '../panel/webviewPage';
import type { Services } from '../services';
import { AuditTask } from './auditTask';
import { equalCandidates } from './equalCandidates';
import { inspectorContext } from './inspectorContext';
import { tensorDetail, tensorFigures } from './tensorFigures';

export type InspectorPage = WebviewPage<HostToInspector, InspectorToHost>;

/** One inspector and its model: what the session says is told the page in the inspector's words. */
export class InspectorSession implements vscode.Disposable {
  readonly #page: InspectorPage;
  readonly #model: ModelSession;
  readonly #services: Services;
  readonly #audit: AuditTask;
  readonly #closed = new AbortController();
  readonly #disposables: readonly vscode.Disposable[];
  #indices: ReadonlyMap<string, number> = new Map();
  #selected: number | null = null;
  #equal: readonly EqualTensors[] | null = null;

  constructor(page: InspectorPage, model: ModelSession, services: Services) {
    this.#page = page;
    this.#model = model;
    this.#services = services;
    this.#audit = new AuditTask(model, services, (audit) => page.say({ type: 'audit', audit }));
    this.#disposables = [
      model.onDidSay((message) => this.#pass(message)),
      model.onDidReadStatistics(() => void this.#finishReading()),
      model.onDidSelectLayer(({ layer, source }) => {
        if (source !== 'inspector') this.#selectLayer(layer);
      }),
    ];
    this.#knowModel();
    void this.#open();
  }

  /** Does what the page asks for. */
  async receive(message: InspectorToHost): Promise<void> {
    const model = this.#model;
    switch (message.type) {
      case 'ready':
        this.#replay();
        return;
      case 'select':
        this.#select(message.tensor);
        return;
      case 'inSight':
        await model.lookAt(message.tensors.flatMap((tensor) => this.#nameOf(tensor) ?? []));
        return;
      case 'chooseUnitAxis':
        model.changeRecipe(withUnitAxis(model.recipe, message.layer, message.axis));
        return;
      case 'cancel':
        model.cancelReading();
        return;
      case 'resume':
        await model.readStatistics();
        return;
      case 'reload':
        await this.#reload();
        return;
      case 'audit':
        await this.showAudit();
        return;
      case 'showLog':
        this.#services.log.show();
        return;
      case 'dismissBanner':
        model.dismissBanner();
        return;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'prune':
        await this.#runCommand('secateur.pruneModel');
        return;
      case 'convert':
        await this.#runCommand('secateur.saveAsSafetensors');
        return;
      case 'reopenWith':
        await vscode.commands.executeCommand('workbench.action.reopenWithEditor');
        return;
      case 'manageTrust':
        await vscode.commands.executeCommand('workbench.trust.manage');
        return;
    }
  }

  /** Shows what loading the file with Python would run. */
  async showAudit(): Promise<void> {
    this.#page.say({ type: 'showAudit' });
    await this.#audit.run();
  }

  dispose(): void {
    this.#closed.abort();
    this.#audit.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #open(): Promise<void> {
    await this.#model.open();
    if (this.#model.isRead) await this.#finishReading();
  }

  async #reload(): Promise<void> {
    this.#audit.forget();
    await this.#model.reload();
  }

  async #runCommand(command: string): Promise<void> {
    await vscode.commands.executeCommand(command, vscode.Uri.file(this.#model.path));
  }

  #replay(): void {
    const { model, statistics, banner, failure } = this.#model.state;
    if (model !== null) this.#sayModel();
    this.#sayUnits();
    this.#sayFigures([...statistics.keys()]);
    this.#sayEqual();
    this.#sayDetail();
    this.#sayReading();
    this.#audit.say();
    this.#page.say({ type: 'banner', banner });
    this.#page.say({ type: 'failure', failure: isOurs(failure?.task) ? failure : null });
  }

  #pass(message: HostToPanel): void {
    switch (message.type) {
      case 'model':
        this.#knowModel();
        this.#sayModel();
        return;
      case 'statistics':
        this.#sayFigures(message.statistics.map(({ tensor }) => tensor));
        return;
      case 'progress':
        this.#sayReading();
        return;
      case 'banner':
        this.#page.say(message);
        return;
      case 'failure':
        if (message.failure === null || isOurs(message.failure.task)) this.#page.say(message);
        return;
      case 'recipe':
        this.#sayUnits();
        return;
      case 'data':
      case 'plan':
      case 'evaluation':
      case 'result':
      case 'cancelled':
      case 'selectLayer':
      case 'showPage':
      case 'unitScores':
      case 'sweep':
      case 'sweepPart':
      case 'sensitivity':
        return;
    }
  }

  #knowModel(): void {
    const tensors = this.#model.state.model?.tensors ?? [];
    this.#indices = new Map(tensors.map(({ name }, index) => [name, index]));
  }

  #sayModel(): void {
    const { model } = this.#model.state;
    if (model === null) return;
    this.#page.say({ type: 'model', model, context: inspectorContext(model) });
  }

  #sayUnits(): void {
    this.#page.say({ type: 'units', choices: unitChoicesOf(this.#model.recipe) });
  }

  #sayFigures(tensors: readonly string[]): void {
    const { statistics } = this.#model.state;
    const figures = tensors.flatMap((name) => {
      const index = this.#indices.get(name);
      const view = statistics.get(name);
      if (index === undefined || view === undefined) return [];
      if (index === this.#selected) this.#sayDetail();
      return [tensorFigures(index, view)];
    });
    if (figures.length > 0) this.#page.say({ type: 'figures', figures });
  }

  #sayDetail(): void {
    const name = this.#selected === null ? undefined : this.#nameOf(this.#selected);
    const view = name === undefined ? undefined : this.#model.state.statistics.get(name);
    if (view === undefined || this.#selected === null) return;
    this.#page.say({ type: 'detail', detail: tensorDetail(this.#selected, view) });
  }

  #sayReading(): void {
    const { reading, isOpening, isRead, state } = this.#model;
    const report = reading?.report ?? null;
    if (isOpening || (state.model === null && state.failure === null)) {
      this.#page.say({ type: 'reading', state: 'opening', report: null });
    } else if (reading !== null) {
      this.#page.say({ type: 'reading', state: 'reading', report });
    } else {
      this.#page.say({ type: 'reading', state: isRead ? 'done' : 'stopped', report: null });
    }
  }

  #select(tensor: number): void {
    this.#selected = tensor;
    this.#sayDetail();
    const name = this.#nameOf(tensor);
    const layers = this.#model.state.model?.layers ?? [];
    const layer = layers.find((one) => name !== undefined && one.tensors.includes(name));
    if (layer !== undefined) {
      this.#model.selectLayer({ layer: layer.name, source: 'inspector' });
    }
  }

  #selectLayer(name: string): void {
    const layer = this.#model.state.model?.layers.find((one) => one.name === name);
    const tensor = this.#indices.get(layer?.weight?.name ?? layer?.tensors[0] ?? '');
    if (tensor === undefined || tensor === this.#selected) return;
    this.#selected = tensor;
    this.#page.say({ type: 'select', tensor });
    this.#sayDetail();
  }

  #nameOf(tensor: number): string | undefined {
    return this.#model.state.model?.tensors[tensor]?.name;
  }

  /** When all is read, the tensors that look alike are compared by their bytes. */
  async #finishReading(): Promise<void> {
    this.#sayReading();
    const { isRead, path, state } = this.#model;
    if (!isRead || state.model === null) return;
    this.#equal = null;
    const candidates = equalCandidates(state.model.tensors, state.statistics);
    const { signal } = this.#closed;
    try {
      this.#equal =
        candidates.length === 0
          ? []
          : await this.#services.client.findEqualTensors({ path, candidates }, { signal });
      this.#sayEqual();
    } catch (error) {
      // A file that changes or a worker that ends is told by a banner already.
      if (!(error instanceof CancelledError)) this.#services.log.warn(String(error));
    }
  }

  #sayEqual(): void {
    const groups = this.#equal?.map(({ tensors, shared }) => ({
      tensors: tensors.flatMap((name) => this.#indices.get(name) ?? []),
      shared,
    }));
    this.#page.say({ type: 'equal', groups: groups ?? null });
  }
}

/** Whether a task is one that the inspector tells of. */
function isOurs(task: string | undefined): boolean {
  return task === 'open' || task === 'statistics';
}
