import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import type { FailureData } from '../../protocol/errors';
import { FAILURE_CODE, progressType } from './envelope';
import type { Envelope } from './envelope';
import { failureDataOf } from './failureData';
import type { Handlers, RequestControl, RequestMap } from './requestMap';
import { stderrLogger } from './stderrLogger';

/** After the parent has gone, running requests may clean up for this long. */
const CLEAN_UP_MS = 1000;

/**
 * The answering end: serves the parent process over its IPC channel until that is gone, then
 * cancels what runs, lets it clean up and exits.
 */
export function serveParent<R extends RequestMap<R>, P>(handlers: Handlers<R, P>): void {
  const connection = createMessageConnection(
    new IPCMessageReader(process),
    new IPCMessageWriter(process),
    stderrLogger,
  );
  const running = new Map<AbortController, Promise<unknown>>();
  for (const method of Object.keys(handlers) as (keyof R & string)[]) {
    connection.onRequest(method, (envelope: Envelope, token: CancellationToken) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      const control = controlOf<P>(connection, envelope, controller.signal);
      const result = answer(() => handlers[method](envelope.params, control));
      running.set(controller, result);
      return result.finally(() => running.delete(controller));
    });
  }
  process.once('disconnect', () => void exitAfter(running));
  connection.listen();
}

function controlOf<P>(
  connection: MessageConnection,
  { progressToken }: Envelope,
  signal: AbortSignal,
): RequestControl<P> {
  const report = (progress: P): void => {
    if (progressToken === null || signal.aborted) return;
    connection.sendProgress(progressType, progressToken, progress).catch(logUnsent);
  };
  return { signal, report };
}

function logUnsent(error: unknown): void {
  stderrLogger.error(`progress was not sent: ${String(error)}`);
}

/** A failure is the answer, too: jsonrpc would send a thrown error without its class. */
async function answer(handle: () => Promise<unknown>): Promise<unknown> {
  try {
    return await handle();
  } catch (error) {
    const data = failureDataOf(error);
    return new ResponseError<FailureData>(FAILURE_CODE, data.message, data);
  }
}

async function exitAfter(running: ReadonlyMap<AbortController, Promise<unknown>>): Promise<void> {
  setTimeout(() => process.exit(0), CLEAN_UP_MS).unref();
  for (const controller of running.keys()) controller.abort();
  await Promise.allSettled(running.values());
  process.exit(0);
}
