import { CancelledError } from '../../core/errors';
import type { ProgressReport } from '../../core/progress';
import type { HostToPanel, PanelTask } from '../../protocol/hostWebview';

/** What runs for one model. */
export interface RunningTask {
  readonly task: PanelTask;
  report: ProgressReport | null;
}

interface Run extends RunningTask {
  readonly controller: AbortController;
  /** Set when a newer run of the same task took its place: nothing is said of this one any more. */
  superseded: boolean;
}

export interface TaskWatch {
  readonly signal: AbortSignal;
  readonly report: (report: ProgressReport) => void;
}

export type TaskOutcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'superseded' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** A bar does not move more often than this; messages are not free. */
const REPORT_INTERVAL_MS = 60;

/** The long jobs of one model: each kind at most once, each watched and cancellable. */
export class Tasks {
  readonly #running: Run[] = [];
  readonly #say: (message: HostToPanel) => void;

  constructor(say: (message: HostToPanel) => void) {
    this.#say = say;
  }

  /** The task whose progress is shown: the one that was started last. */
  get current(): RunningTask | null {
    return this.#running.at(-1) ?? null;
  }

  isRunning(task: PanelTask): boolean {
    return this.#running.some((run) => run.task === task);
  }

  /** Runs a job, in the place of an earlier run of the same task; never throws. */
  async run<T>(task: PanelTask, job: (watch: TaskWatch) => Promise<T>): Promise<TaskOutcome<T>> {
    this.#supersede(task);
    const run: Run = { task, report: null, controller: new AbortController(), superseded: false };
    this.#running.push(run);
    this.sayProgress();
    const outcome = await settle(
      job({ signal: run.controller.signal, report: this.#reporter(run) }),
    );
    if (run.superseded) return { kind: 'superseded' };
    this.#running.splice(this.#running.indexOf(run), 1);
    this.sayProgress();
    if (outcome.kind === 'cancelled') this.#say({ type: 'cancelled', task });
    return outcome;
  }

  /** A task of this kind as far as it has come; null while none runs. */
  find(task: PanelTask): RunningTask | null {
    return this.#running.find((run) => run.task === task) ?? null;
  }

  /** Cancels one kind of task. */
  cancel(task: PanelTask): void {
    this.#running.find((run) => run.task === task)?.controller.abort();
  }

  /** Cancels what the user waits for: the task that is shown. */
  cancelCurrent(): void {
    this.#running.at(-1)?.controller.abort();
  }

  /** Stops everything without a word, because its model is closed or read anew. */
  abandonAll(): void {
    for (const run of this.#running) abandon(run);
    this.#running.length = 0;
    this.sayProgress();
  }

  #supersede(task: PanelTask): void {
    const index = this.#running.findIndex((run) => run.task === task);
    const [earlier] = index < 0 ? [] : this.#running.splice(index, 1);
    if (earlier) abandon(earlier);
  }

  #reporter(run: Run): (report: ProgressReport) => void {
    let lastSaid = 0;
    return (report) => {
      run.report = report;
      const now = performance.now();
      if (run.superseded || now - lastSaid < REPORT_INTERVAL_MS) return;
      lastSaid = now;
      if (this.current === run) this.sayProgress();
    };
  }

  /** Tells what is running now. */
  sayProgress(): void {
    const { current } = this;
    this.#say({ type: 'progress', task: current?.task ?? null, report: current?.report ?? null });
  }
}

function abandon(run: Run): void {
  run.superseded = true;
  run.controller.abort();
}

async function settle<T>(promise: Promise<T>): Promise<TaskOutcome<T>> {
  try {
    return { kind: 'done', value: await promise };
  } catch (error) {
    return error instanceof CancelledError ? { kind: 'cancelled' } : { kind: 'failed', error };
  }
}
