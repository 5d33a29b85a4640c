import * as vscode from 'vscode';
import type { TensorStatisticsView } from '../../protocol/views';
import { Batch } from './batch';
import type { SessionCore } from './sessionCore';

const BATCH_INTERVAL_MS = 100;

/** Reads the statistics of all weights of one model, once; those in sight first. */
export class StatisticsReader implements vscode.Disposable {
  /** A pass has ended, also one that was cancelled or failed. */
  readonly onDidEnd: vscode.Event<void>;
  readonly #ended = new vscode.EventEmitter<void>();
  readonly #core: SessionCore;
  #inSight: readonly string[] = [];
  #complete = false;

  constructor(core: SessionCore) {
    this.#core = core;
    this.onDidEnd = this.#ended.event;
  }

  /** All weights have been read. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** Tells which tensors are looked at, so that they are measured next. */
  async lookAt(tensors: readonly string[]): Promise<void> {
    this.#inSight = tensors;
    const { path, services, tasks } = this.#core;
    if (tensors.length === 0 || !tasks.isRunning('statistics')) return;
    await services.client.measureNext(path, tensors);
  }

  /** The weights may have changed: what was read does not count any more. */
  forget(): void {
    this.#complete = false;
  }

  /** Reads them, unless they are there or on their way; also takes up what a crash cut off. */
  async read(): Promise<void> {
    const { path, services, state, tasks } = this.#core;
    if (this.#complete || state.model === null || tasks.isRunning('statistics')) return;
    const batch = new Batch<TensorStatisticsView>(BATCH_INTERVAL_MS, (statistics) =>
      this.#core.say({ type: 'statistics', statistics }),
    );
    const done = await this.#core.run('statistics', async (watch) => {
      const first = this.#inSight;
      try {
        await services.client.readStatistics({ path, first }, (entry) => batch.add(entry), watch);
        return true;
      } finally {
        batch.flush();
      }
    });
    this.#complete = done === true;
    this.#ended.fire();
  }

  dispose(): void {
    this.#ended.dispose();
  }
}
