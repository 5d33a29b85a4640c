import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { ProcessEnd } from '../../protocol/errors';
import { ProcessEndedError, processEndOf } from './processEnd';
import type { MethodOf, RequestMap, RequestOptions } from './requestMap';
import { RpcClient } from './rpcClient';

export interface ForkedServerOptions {
  /** The bundle to run, absolute. */
  readonly entry: string;
  readonly process: ProcessEnd['process'];
  /** How long a cancelled request may still answer for itself. */
  readonly cancelGraceMs: number;
  /** How long the process may live on after {@link ForkedServer.dispose}. */
  readonly killAfterMs: number;
  /** Flags of Node and V8; none when absent, whatever this process itself runs with. */
  readonly execArgv?: readonly string[];
  /** Told each line that the process writes to stdout or stderr. */
  readonly onLine?: (line: string) => void;
}

/** Enough for the banner of an aborting V8. */
const LAST_LINES = 40;

/**
 * A forked process that answers requests. When it exits, closes its channel or is disposed, each
 * pending request is rejected with a {@link ProcessEndedError}.
 */
export class ForkedServer<R extends RequestMap<R>, P> {
  /** Settles when the process can no longer answer, and says why. */
  readonly ended: Promise<ProcessEndedError>;
  readonly #options: ForkedServerOptions;
  readonly #child: ChildProcess;
  readonly #client: RpcClient<R, P>;
  readonly #lastLines: string[] = [];
  #end!: (error: ProcessEndedError) => void;

  constructor(options: ForkedServerOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#child = forkNode(options.entry, options.execArgv ?? []);
    this.#client = new RpcClient(
      connect(this.#child, (line) => this.#note(line)),
      options.cancelGraceMs,
    );
    this.#watch();
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  /** See {@link RpcClient.request}. */
  request<M extends MethodOf<R>>(
    method: M,
    params: R[M]['params'],
    options?: RequestOptions<P>,
  ): Promise<R[M]['result']> {
    return this.#client.request(method, params, options);
  }

  /** Rejects what is pending, lets the process go by itself, and kills it when it does not. */
  dispose(): void {
    this.#fail({ process: this.#options.process, reason: 'stopped', detail: '' });
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#options.killAfterMs);
    this.#child.once('exit', () => clearTimeout(timer));
  }

  #watch(): void {
    const { process } = this.#options;
    const child = this.#child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#note(line));
    }
    child.once('error', (error) =>
      this.#fail({ process, reason: 'not-started', detail: error.message }),
    );
    // 'close' comes when stderr is drained as well: only then the last words are known.
    child.once('close', (code, signal) =>
      this.#fail(processEndOf(process, code, signal, this.#lastLines.join('\n'))),
    );
    child.once('disconnect', () => this.#expectExit());
  }

  /** A process that closed its channel cannot answer any more, also while it goes on living. */
  #expectExit(): void {
    const { process, killAfterMs } = this.#options;
    const timer = setTimeout(() => {
      this.#fail({ process, reason: 'disconnected', detail: '' });
      this.#child.kill('SIGKILL');
    }, killAfterMs);
    this.#child.once('close', () => clearTimeout(timer));
  }

  #note(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift();
    this.#options.onLine?.(line);
  }

  #fail(end: ProcessEnd): void {
    const error = new ProcessEndedError(end);
    this.#client.fail(error);
    this.#end(error);
  }
}

/** A plain Node process, also when this one is Electron or runs under a debugger or test runner. */
function forkNode(entry: string, execArgv: readonly string[]): ChildProcess {
  return fork(entry, [], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
    execArgv: [...execArgv],
    serialization: 'advanced',
    silent: true,
  });
}

function connect(
  child: ChildProcess,
  note: (line: string) => void,
): ReturnType<typeof createMessageConnection> {
  const connection = createMessageConnection(
    new IPCMessageReader(child),
    new IPCMessageWriter(child),
    { error: note, warn: note, info: note, log: note },
  );
  // The channel's own errors end in 'exit' or 'disconnect'; here they are only told.
  connection.onError(([error]) => note(`channel: ${error.message}`));
  return connection;
}
