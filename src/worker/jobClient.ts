import path from 'node:path';
import type {
  JobMethod,
  JobParams,
  JobProgress,
  JobRequests,
  JobResult,
} from '../protocol/workerJob';
import { ForkedServer } from './rpc/forkedServer';
import { ProcessEndedError } from './rpc/processEnd';

export interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly report?: ((progress: JobProgress) => void) | undefined;
  /** Told each line that the child writes to stdout or stderr, and when a job is tried again. */
  readonly onLine?: (line: string) => void;
  /** The bundle of the compute child; by default the one beside the running bundle. */
  readonly entry?: string;
}

/** A synchronous kernel sees no cancel: after this the child is killed. */
const KILL_AFTER_MS = 150;

/** The second try runs with half the batch: most of what a child needs grows with it. */
const RETRY_DIVISOR = 2;

/**
 * Runs one job in a compute child of its own, whose memory goes with it. A cancel rejects at once;
 * the child is asked to stop and then killed. Where the child dies, as it does without memory, the job is
 * tried once more with half the batch.
 * @throws what the job threw; CancelledError; ProcessEndedError when the second child died, too.
 */
export async function runJob<M extends JobMethod>(
  method: M,
  params: JobParams<M>,
  options: JobOptions = {},
): Promise<JobResult<M>> {
  try {
    return await runOnce(method, params, options);
  } catch (error) {
    if (!(error instanceof ProcessEndedError) || !hasDied(error)) throw error;
    if (!hasBatches(method)) throw error;
    options.onLine?.(`${error.message}; trying again with half the batch`);
    return runOnce(method, { ...params, batchDivisor: RETRY_DIVISOR }, options);
  }
}

/** Whether a job runs data through a network, batch by batch. */
function hasBatches(method: JobMethod): boolean {
  return method !== 'checkNativeEngine' && method !== 'describeEngines';
}

/** A child that was told to go, or could not start, would do the same again. */
function hasDied({ end }: ProcessEndedError): boolean {
  return end.reason !== 'stopped' && end.reason !== 'not-started';
}

async function runOnce<M extends JobMethod>(
  method: M,
  params: JobParams<M>,
  options: JobOptions,
): Promise<JobResult<M>> {
  const server = new ForkedServer<JobRequests, JobProgress>({
    entry: options.entry ?? path.join(__dirname, 'job.js'),
    process: 'job',
    cancelGraceMs: 0,
    killAfterMs: KILL_AFTER_MS,
    ...(options.onLine ? { onLine: options.onLine } : {}),
  });
  try {
    return await server.request(method, params, {
      signal: options.signal,
      onProgress: options.report,
    });
  } finally {
    server.dispose();
  }
}
