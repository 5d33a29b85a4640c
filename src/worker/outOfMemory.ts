import { ProcessEndedError } from './rpc/processEnd';

/** What V8 and WebAssembly engines say when there is no more memory; there is no class for it. */
const MESSAGES = [
  /Array buffer allocation failed/u,
  /Invalid typed array length/u,
  /memory access out of bounds/u,
  /Cannot enlarge memory/u,
  /\bOOM\b|out of memory|bad_alloc/iu,
];

/** Whether an error says that the process has no more memory. */
export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isEngines = error instanceof RangeError || error.name === 'RuntimeError';
  return (
    (isEngines || error.constructor === Error) && MESSAGES.some((one) => one.test(error.message))
  );
}

/**
 * A job whose heap is full has failed as if its process had died of it: what is left of the heap cannot be
 * trusted, and the asking side tries again with a smaller batch.
 */
export function dyingOfMemory<P, C, R>(
  run: (params: P, control: C) => Promise<R>,
): (params: P, control: C) => Promise<R> {
  return async (params, control) => {
    try {
      return await run(params, control);
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      process.stderr.write(`[error] ${String(error)}\n`);
      throw new ProcessEndedError({ process: 'job', reason: 'out-of-memory', detail: '' });
    }
  };
}
