import * as vscode from 'vscode';
import type { Services } from '../services';
import { ModelSession } from './modelSession';

/** Who keeps a model open: its panel or its inspector. */
export type Holder = 'panel' | 'inspector';

interface Entry {
  readonly session: ModelSession;
  readonly holders: Set<Holder>;
}

/** The models that are open in this window, in the order in which they were opened. */
export class Sessions implements vscode.Disposable {
  /** A model was opened or closed. */
  readonly onDidChange: vscode.Event<void>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #entries = new Map<string, Entry>();
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
    this.onDidChange = this.#changed.event;
  }

  get all(): readonly ModelSession[] {
    return [...this.#entries.values()].map(({ session }) => session);
  }

  /** The session of a model, which stays while anybody holds it. */
  hold(path: string, holder: Holder): ModelSession {
    const known = this.#entries.get(path);
    if (known !== undefined) {
      known.holders.add(holder);
      return known.session;
    }
    const session = new ModelSession(path, this.#services);
    this.#entries.set(path, { session, holders: new Set([holder]) });
    this.#changed.fire();
    return session;
  }

  /** The session ends when nobody else holds it. */
  release(path: string, holder: Holder): void {
    const entry = this.#entries.get(path);
    if (entry?.holders.delete(holder) !== true || entry.holders.size > 0) return;
    this.#entries.delete(path);
    entry.session.dispose();
    this.#changed.fire();
  }

  dispose(): void {
    for (const { session } of this.#entries.values()) session.dispose();
    this.#entries.clear();
    this.#changed.dispose();
  }
}
