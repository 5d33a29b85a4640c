import type { TensorStatisticsView } from '../../protocol/views';
import { Batch } from './batch';
import type { SessionCore } from './sessionCore';

const BATCH_INTERVAL_MS = 100;

/** Reads the statistics of all weights of one model, once. */
export class StatisticsReader {
  readonly #core: SessionCore;
  #complete = false;

  constructor(core: SessionCore) {
    this.#core = core;
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
      await services.client.readStatistics(path, (entry) => batch.add(entry), watch);
      batch.flush();
      return true;
    });
    this.#complete = done === true;
  }
}
