import path from 'node:path';
import type { Page } from 'playwright-core';
import { equalCandidates } from '../../../src/host/inspector/equalCandidates';
import { tensorDetail, tensorFigures } from '../../../src/host/inspector/tensorFigures';
import type {
  HostToInspector,
  InspectorToHost,
  TensorFigures,
} from '../../../src/protocol/hostInspector';
import type { WorkerProgress } from '../../../src/protocol/hostWorker';
import type { ModelView, TensorStatisticsView } from '../../../src/protocol/views';
import { workerHandlers } from '../../../src/worker/handlers';
import type { RequestControl } from '../../../src/worker/rpc/requestMap';

const handlers = workerHandlers();

/** Plays the extension host for one inspector: the real worker in this process, without VS Code. */
export class InspectorHost {
  /** What the page has asked for, in order. */
  readonly received: InspectorToHost[] = [];
  readonly #page: Page;
  readonly #file: string;
  readonly #statistics = new Map<string, TensorStatisticsView>();
  #model: ModelView | null = null;

  constructor(page: Page, file: string) {
    this.#page = page;
    this.#file = file;
  }

  /** Listens to the page; call before it is loaded. */
  async listen(): Promise<void> {
    await this.#page.exposeFunction('toHost', (text: string) => {
      const message = JSON.parse(text) as InspectorToHost;
      this.received.push(message);
      if (message.type === 'select') void this.#sayDetail(message.tensor);
    });
  }

  async say(message: HostToInspector): Promise<void> {
    await this.#page.evaluate((data) => {
      window.postMessage(data, '*');
    }, message);
  }

  /** Tells the page everything about the model, as the host does once it is open. */
  async open(): Promise<void> {
    const model = await this.openHeader();
    await this.say({ type: 'reading', state: 'reading', report: null });
    await handlers.readStatistics({ path: this.#file }, this.#control());
    const figures = model.tensors.flatMap((_tensor, index) => this.#figuresOf(index) ?? []);
    await this.say({ type: 'figures', figures });
    await this.say({ type: 'reading', state: 'done', report: null });
    const candidates = equalCandidates(model.tensors, this.#statistics);
    const found = await handlers.findEqualTensors(
      { path: this.#file, candidates },
      this.#control(),
    );
    const groups = found.groups.map(({ tensors, shared }) => ({
      tensors: tensors.map((name) => model.tensors.findIndex((tensor) => tensor.name === name)),
      shared,
    }));
    await this.say({ type: 'equal', groups });
    await this.#sayDetail(0);
  }

  /** Shows the audit of the file. */
  async audit(): Promise<void> {
    const report = await handlers.audit({ path: this.#file }, this.#control());
    await this.say({ type: 'showAudit' });
    await this.say({ type: 'audit', audit: { kind: 'done', report } });
  }

  /** Tells what the header says, and nothing of the values. */
  async openHeader(): Promise<ModelView> {
    const model = await handlers.openModel({ path: this.#file }, this.#control());
    this.#model = model;
    const folder = path.basename(path.dirname(this.#file));
    await this.say({
      type: 'model',
      model,
      context: { folder, trusted: true, auditable: false, convertible: true },
    });
    return model;
  }

  #figuresOf(index: number): TensorFigures | null {
    const view = this.#statistics.get(this.#model?.tensors[index]?.name ?? '');
    return view === undefined ? null : tensorFigures(index, view);
  }

  async #sayDetail(index: number): Promise<void> {
    const view = this.#statistics.get(this.#model?.tensors[index]?.name ?? '');
    if (view !== undefined) await this.say({ type: 'detail', detail: tensorDetail(index, view) });
  }

  #control(): RequestControl<WorkerProgress> {
    return {
      signal: new AbortController().signal,
      report: (progress) => {
        if (progress.kind !== 'tensorStatistics') return;
        this.#statistics.set(progress.statistics.tensor, progress.statistics);
      },
    };
  }
}
