import os from 'node:os';
import { CancelledError } from '../core/errors';
import type { JobMethod, JobParams, JobResult } from '../protocol/workerJob';
import { type JobOptions, runJob } from './jobClient';

/** A compute child holds a network, a batch and an engine; half a gigabyte is what a small one takes. */
const BYTES_A_CHILD = 512 * 1024 ** 2;

/**
 * Compute children side by side, at most so many at a time; further jobs wait in order. Each job has a
 * child of its own, so that one that dies or is cancelled leaves the others alone.
 */
export class JobPool {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param limit children at a time, at least 1 */
  constructor(limit: number) {
    this.#limit = Math.max(1, Math.floor(limit));
  }

  /** Runs a job when there is room. @throws as {@link runJob} does; CancelledError while it waits, too. */
  async run<M extends JobMethod>(
    method: M,
    params: JobParams<M>,
    options: JobOptions = {},
  ): Promise<JobResult<M>> {
    await this.#enter(options.signal);
    try {
      return await runJob(method, params, options);
    } finally {
      this.#leave();
    }
  }

  #enter(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(new CancelledError());
    if (this.#running < this.#limit) {
      this.#running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(new CancelledError());
      };
      this.#waiting.push(begin);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** The place goes to who waits longest, so that nobody slips in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}

/** A core is left to the process that the user looks at, and memory to the rest of the machine. */
export function defaultJobLimit(): number {
  return Math.max(1, Math.min(os.availableParallelism() - 1, childLimit()));
}

/** A child a core, as far as a quarter of the memory goes: for a process that itself only waits. */
export function childLimit(): number {
  const byMemory = Math.floor(os.totalmem() / 4 / BYTES_A_CHILD);
  return Math.max(1, Math.min(os.availableParallelism(), byMemory));
}

/** The compute children of this process. */
export const jobPool = new JobPool(defaultJobLimit());
