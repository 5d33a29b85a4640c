import { CancelledError } from '../../core/errors';
import type { AuditState } from '../../protocol/hostInspector';
import type { ModelSession } from '../model/modelSession';
import type { Services } from '../services';
import { auditFailure } from '../text/userErrors';

/** The audit of one file: made when it is asked for, and kept until the file is read anew. */
export class AuditTask {
  readonly #model: ModelSession;
  readonly #services: Services;
  readonly #tell: (state: AuditState) => void;
  #state: AuditState | null = null;
  #run = new AbortController();

  constructor(model: ModelSession, services: Services, tell: (state: AuditState) => void) {
    this.#model = model;
    this.#services = services;
    this.#tell = tell;
  }

  /** Audits the file, unless that is done or being done. */
  async run(): Promise<void> {
    if (this.#state !== null && this.#state.kind !== 'failed') return;
    const run = new AbortController();
    this.#run = run;
    this.#set({ kind: 'running' });
    const { path, name } = this.#model;
    try {
      const report = await this.#services.client.audit(path, { signal: run.signal });
      if (!run.signal.aborted) this.#set({ kind: 'done', report });
    } catch (error) {
      if (run.signal.aborted || error instanceof CancelledError) return;
      this.#services.log.error(error instanceof Error ? error : String(error));
      this.#set({ kind: 'failed', failure: auditFailure(name, error) });
    }
  }

  /** Tells the page what there is. */
  say(): void {
    if (this.#state !== null) this.#tell(this.#state);
  }

  /** The file may have changed: what was found does not count any more. */
  forget(): void {
    this.#run.abort();
    this.#state = null;
  }

  dispose(): void {
    this.#run.abort();
  }

  #set(state: AuditState): void {
    this.#state = state;
    this.#tell(state);
  }
}
