import * as vscode from 'vscode';
import type {
  WorkerMethod,
  WorkerParams,
  WorkerProgress,
  WorkerRequests,
  WorkerResult,
} from '../../protocol/hostWorker';
import { ForkedServer } from '../../worker/rpc/forkedServer';
import type { ProcessEndedError } from '../../worker/rpc/processEnd';
import type { RequestOptions } from '../../worker/rpc/requestMap';

type WorkerServer = ForkedServer<WorkerRequests, WorkerProgress>;

/** What is written is cleaned up within this after a cancel or a stop. */
const CANCEL_GRACE_MS = 150;
const KILL_AFTER_MS = 1000;

/**
 * The one worker process of this window: started when it is first asked for something, and anew
 * after it crashed or was stopped.
 */
export class WorkerProcess implements vscode.Disposable {
  /** The process ended by itself; what was pending is rejected already. */
  readonly onDidCrash: vscode.Event<ProcessEndedError>;
  /** Another process was started: what it has to know is told first. */
  readonly onDidStart: vscode.Event<void>;
  readonly #started = new vscode.EventEmitter<void>();
  readonly #crashed = new vscode.EventEmitter<ProcessEndedError>();
  readonly #entry: string;
  readonly #log: vscode.LogOutputChannel;
  #server: WorkerServer | null = null;

  constructor(entry: string, log: vscode.LogOutputChannel) {
    this.#entry = entry;
    this.#log = log;
    this.onDidCrash = this.#crashed.event;
    this.onDidStart = this.#started.event;
  }

  /** The id of the running process, for the log and for tests; absent while none runs. */
  get processId(): number | undefined {
    return this.#server?.processId;
  }

  /** @throws the core error class of the failure; CancelledError; ProcessEndedError. */
  async request<M extends WorkerMethod>(
    method: M,
    params: WorkerParams<M>,
    options?: RequestOptions<WorkerProgress>,
  ): Promise<WorkerResult<M>> {
    const server = this.#server ?? this.#start();
    const start = performance.now();
    this.#log.debug(`${method} …`);
    try {
      return await server.request(method, params, options);
    } finally {
      this.#log.debug(`${method}: ${(performance.now() - start).toFixed(0)} ms`);
    }
  }

  /** Stops the process; pending requests are rejected, the next one starts it again. */
  stop(): void {
    const server = this.#server;
    this.#server = null;
    server?.dispose();
  }

  dispose(): void {
    this.stop();
    this.#crashed.dispose();
    this.#started.dispose();
  }

  #start(): WorkerServer {
    const server: WorkerServer = new ForkedServer({
      entry: this.#entry,
      process: 'worker',
      cancelGraceMs: CANCEL_GRACE_MS,
      killAfterMs: KILL_AFTER_MS,
      onLine: (line) => this.#log.info(`worker: ${line}`),
    });
    this.#log.info(`worker started, process ${String(server.processId)}`);
    void server.ended.then((error) => this.#forget(server, error));
    this.#server = server;
    this.#started.fire();
    return server;
  }

  #forget(server: WorkerServer, error: ProcessEndedError): void {
    if (this.#server !== server) {
      this.#log.info(`worker stopped, process ${String(server.processId)}`);
      return;
    }
    this.#server = null;
    this.#log.error(error.message);
    this.#crashed.fire(error);
  }
}
