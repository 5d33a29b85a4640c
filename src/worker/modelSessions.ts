import { stat } from 'node:fs/promises';
import type { ScoringPort } from '../core/criteria/scoringPort';
import type { Evaluation } from '../core/evaluation/evaluation';
import type { OpenedModel } from '../core/recipe/pipeline';
import type { Architecture } from '../core/recipe/recipe';
import { openModelFile } from '../node/openModel';
import type { OpenedModelFile } from '../node/openModel';
import type { TensorStatisticsView } from '../protocol/views';
import { KEPT_SESSIONS } from './limits';
import type { MeasureQueue } from './measureQueue';
import type { ScoreCache } from './scoreCache';

/** An opened model that is kept open between requests. */
export interface ModelSession {
  readonly opened: OpenedModelFile;
  /** Statistics of this very content; null until they were read to the end. */
  statistics: readonly TensorStatisticsView[] | null;
  /** While a pass goes on: what is left of it. */
  measuring: MeasureQueue | null;
  /** What the untouched model does on given data, by data file, its state and how it is taken. */
  readonly evaluations: Map<string, Evaluation>;
  /** Scores of this very content, found once for given data. */
  readonly scoring: ScoringPort;
}

interface CachedSession extends ModelSession {
  readonly key: string;
  readonly fingerprint: string;
  users: number;
  retired: boolean;
}

/** Models that were opened last, as long as their files do not change on disk. */
export class ModelSessions {
  /** The least recently used first. */
  readonly #sessions = new Map<string, Promise<CachedSession>>();
  readonly #scores: ScoreCache;

  constructor(scores: ScoreCache) {
    this.#scores = scores;
  }

  /**
   * Opens a model, or takes it as it is still open, for as long as `use` runs.
   * @throws FormatError, UnsupportedError, UsageError (a bad architecture), IoError.
   */
  async with<T>(
    path: string,
    architecture: Architecture | null,
    use: (session: ModelSession) => Promise<T>,
  ): Promise<T> {
    const session = await this.#acquire(path, architecture);
    try {
      return await use(session);
    } finally {
      await this.#release(session);
    }
  }

  /** The same as a port of the pipeline: closing it only gives it back. */
  async open(path: string, architecture: Architecture | null): Promise<OpenedModel> {
    const session = await this.#acquire(path, architecture);
    let given = false;
    return {
      model: session.opened.model,
      close: async () => {
        if (given) return;
        given = true;
        await this.#release(session);
      },
    };
  }

  async #acquire(path: string, architecture: Architecture | null): Promise<CachedSession> {
    const key = JSON.stringify([path, architecture]);
    const known = this.#sessions.get(key);
    if (known !== undefined) {
      const session = await known;
      if (!session.retired && session.fingerprint === (await fingerprintOf(session.opened))) {
        return this.#use(session);
      }
      await this.#retire(session);
    }
    return this.#use(await this.#openAnew(key, path, architecture));
  }

  /** Requests that come while it is being opened wait for the same. */
  async #openAnew(
    key: string,
    path: string,
    architecture: Architecture | null,
  ): Promise<CachedSession> {
    const pending = this.#sessions.get(key);
    if (pending !== undefined) return pending;
    const opening = this.#openSession(key, path, architecture);
    this.#sessions.set(key, opening);
    try {
      return await opening;
    } catch (error) {
      if (this.#sessions.get(key) === opening) this.#sessions.delete(key);
      throw error;
    }
  }

  #use(session: CachedSession): CachedSession {
    session.users += 1;
    const entry = this.#sessions.get(session.key);
    if (entry !== undefined) {
      this.#sessions.delete(session.key);
      this.#sessions.set(session.key, entry);
    }
    return session;
  }

  async #release(session: CachedSession): Promise<void> {
    session.users -= 1;
    if (session.retired && session.users === 0) await this.#close(session);
    const [oldest] = this.#sessions.values();
    if (this.#sessions.size > KEPT_SESSIONS && oldest !== undefined) {
      await this.#retire(await oldest);
    }
  }

  /** Out of the cache; its files are closed when nobody uses it any more. */
  async #retire(session: CachedSession): Promise<void> {
    if (session.retired) return;
    session.retired = true;
    this.#sessions.delete(session.key);
    if (session.users === 0) await this.#close(session);
  }

  async #close(session: CachedSession): Promise<void> {
    await this.#scores.forget(session.opened);
    await session.opened.close();
  }

  async #openSession(
    key: string,
    path: string,
    architecture: Architecture | null,
  ): Promise<CachedSession> {
    const opened = await openModelFile(path, { architecture });
    const fingerprint = (await fingerprintOf(opened)) ?? '';
    return {
      key,
      opened,
      fingerprint,
      statistics: null,
      measuring: null,
      evaluations: new Map(),
      scoring: this.#scores.portFor(opened),
      users: 0,
      retired: false,
    };
  }
}

/** Size and time of change of every file of a model; null when one of them is gone. */
async function fingerprintOf({ sources }: OpenedModelFile): Promise<string | null> {
  const files = await Promise.allSettled(sources.map(({ path }) => stat(path)));
  const parts: string[] = [];
  for (const file of files) {
    if (file.status === 'rejected') return null;
    parts.push(`${file.value.ino}:${file.value.size}:${file.value.mtimeMs}`);
  }
  return parts.join('|');
}
