import { CancellationTokenSource, ResponseError } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { CancelledError } from '../../core/errors';
import type { FailureData } from '../../protocol/errors';
import { progressType } from './envelope';
import type { Envelope } from './envelope';
import { errorOfFailure } from './failureData';
import type { MethodOf, RequestMap, RequestOptions } from './requestMap';

/**
 * The asking end of a connection. Every request is settled: by its answer, by its signal, or by
 * {@link RpcClient.fail} when the other process is gone; JSON-RPC alone would leave it waiting.
 */
export class RpcClient<R extends RequestMap<R>, P> {
  readonly #connection: MessageConnection;
  readonly #cancelGraceMs: number;
  readonly #pending = new Set<(error: Error) => void>();
  #failure: Error | null = null;
  #requestCount = 0;

  /**
   * @param cancelGraceMs how long a cancelled request may still answer for itself (that it was
   *   cancelled, or that it was done already) before it is rejected all the same
   */
  constructor(connection: MessageConnection, cancelGraceMs: number) {
    this.#connection = connection;
    this.#cancelGraceMs = cancelGraceMs;
    connection.listen();
  }

  /** @throws the core error class that the other process threw; CancelledError; ProcessEndedError. */
  async request<M extends MethodOf<R>>(
    method: M,
    params: R[M]['params'],
    options: RequestOptions<P> = {},
  ): Promise<R[M]['result']> {
    if (this.#failure !== null) throw this.#failure;
    if (options.signal?.aborted === true) throw new CancelledError();
    const cancellation = new CancellationTokenSource();
    const progressToken = this.#listen(options);
    const envelope: Envelope = { params, progressToken: progressToken?.token ?? null };
    const answer = this.#connection.sendRequest<R[M]['result']>(
      method,
      envelope,
      cancellation.token,
    );
    try {
      return await this.#settle(answer, cancellation, options.signal);
    } finally {
      progressToken?.dispose();
      cancellation.dispose();
    }
  }

  /** Rejects every pending request with this error, and all that are made later. */
  fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    for (const reject of this.#pending) reject(error);
    this.#pending.clear();
    this.#connection.dispose();
  }

  #listen(options: RequestOptions<P>): { token: string; dispose(): void } | null {
    const { onProgress } = options;
    if (onProgress === undefined) return null;
    const token = `progress-${++this.#requestCount}`;
    const listener = this.#connection.onProgress(progressType, token, (progress) => {
      onProgress(progress as P);
    });
    return { token, dispose: () => listener.dispose() };
  }

  #settle<T>(
    answer: Promise<T>,
    cancellation: CancellationTokenSource,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let graceTimer: NodeJS.Timeout | undefined;
      const cancel = (): void => {
        cancellation.cancel();
        graceTimer = setTimeout(() => {
          fail(new CancelledError());
        }, this.#cancelGraceMs);
      };
      const forget = (): void => {
        clearTimeout(graceTimer);
        signal?.removeEventListener('abort', cancel);
        this.#pending.delete(fail);
      };
      const fail = (error: Error): void => {
        forget();
        reject(error);
      };
      this.#pending.add(fail);
      signal?.addEventListener('abort', cancel, { once: true });
      answer.then(
        (result) => {
          forget();
          resolve(result);
        },
        (error: unknown) => fail(errorOfResponse(error)),
      );
    });
  }
}

function errorOfResponse(error: unknown): Error {
  if (error instanceof ResponseError && error.data !== undefined) {
    return errorOfFailure(error.data as FailureData);
  }
  return error instanceof Error ? error : new Error(String(error));
}
