import path from 'node:path';
import type {
  JobMethod,
  JobParams,
  JobProgress,
  JobRequests,
  JobResult,
} from '../protocol/workerJob';
import { ForkedServer } from './rpc/forkedServer';

export interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly report?: ((progress: JobProgress) => void) | undefined;
  /** Told each line that the child writes to stdout or stderr. */
  readonly onLine?: (line: string) => void;
  /** The bundle of the compute child; by default the one beside the running bundle. */
  readonly entry?: string;
}

/** A synchronous kernel sees no cancel: after this the child is killed. */
const KILL_AFTER_MS = 150;

/**
 * Runs one job in a compute child of its own, whose memory goes with it. A cancel rejects at once;
 * the child is asked to stop and then killed.
 * @throws what the job threw; CancelledError; ProcessEndedError when the child died.
 */
export async function runJob<M extends JobMethod>(
  method: M,
  params: JobParams<M>,
  options: JobOptions = {},
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
