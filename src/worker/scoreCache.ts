import { createHash } from 'node:crypto';
import type {
  ReconstructRequest,
  ScoreArrays,
  ScoreRequest,
  ScoringPort,
} from '../core/criteria/scoringPort';
import { CancelledError } from '../core/errors';
import { modelByteLength } from '../core/model/model';
import { type JobControl, throwIfCancelled } from '../core/progress';
import type { Recipe } from '../core/recipe/recipe';
import type { SensitivityRequest, SensitivityResult } from '../core/sweep/sensitivity';
import { currentEngine } from './currentEngine';
import { dataFingerprint } from './dataFingerprint';
import { fileState } from './fileState';
import { KEPT_SCORES, KEPT_SCORES_BYTES } from './limits';

/** Scores that were found, for as long as they are kept or used. */
interface CachedScores {
  readonly owner: object;
  readonly key: string;
  readonly scores: ScoreArrays;
  readonly bytes: number;
  users: number;
  /** Out of the cache; closed when nobody uses it any more. */
  retired: boolean;
}

/** How many files of scores are kept, and how large all of them together. */
export interface ScoreCacheLimits {
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Scores that were found last, as files: moving a threshold, or evaluating what was planned, selects from
 * them without running the network again. They belong to an owner, the model as it is now, and go with it.
 * Scores after earlier cuts, the steps of a schedule, are not kept.
 */
export class ScoreCache {
  readonly #port: ScoringPort;
  readonly #limits: ScoreCacheLimits;
  /** The least recently used first; those that are being found hold their place. */
  readonly #found = new Map<object, Map<string, Promise<CachedScores>>>();
  readonly #measured = new WeakMap<object, Map<string, SensitivityResult>>();
  readonly #byAge = new Set<CachedScores>();

  constructor(
    port: ScoringPort,
    limits: ScoreCacheLimits = { entries: KEPT_SCORES, bytes: KEPT_SCORES_BYTES },
  ) {
    this.#port = port;
    this.#limits = limits;
  }

  /** The port of one owner: what it scores is found once. */
  portFor(owner: object): ScoringPort {
    return {
      score: (request, control) =>
        this.#take({ owner, request, control }, () => this.#port.score(request, control)),
      reconstruct: (request, control) =>
        this.#take({ owner, request, control }, () => this.#port.reconstruct(request, control)),
      sensitivity: (request, control) => this.#sensitivity(owner, request, control),
    };
  }

  /** Lets go of all that an owner has, when its model has changed or is closed. */
  async forget(owner: object): Promise<void> {
    this.#found.delete(owner);
    this.#measured.delete(owner);
    const own = [...this.#byAge].filter((entry) => entry.owner === owner);
    for (const entry of own) await this.#retire(entry);
  }

  /** Figures, not files: those of one model are few. */
  async #sensitivity(
    owner: object,
    request: SensitivityRequest,
    control: JobControl,
  ): Promise<SensitivityResult> {
    const key = JSON.stringify([request, await filesState(request.recipe), await currentEngine()]);
    const measured = this.#measured.get(owner) ?? new Map<string, SensitivityResult>();
    this.#measured.set(owner, measured);
    const found = measured.get(key) ?? (await this.#port.sensitivity(request, control));
    measured.set(key, found);
    const [oldest] = measured.keys();
    if (measured.size > this.#limits.entries && oldest !== undefined) measured.delete(oldest);
    return found;
  }

  async #take(asked: Asked, find: () => Promise<ScoreArrays>): Promise<ScoreArrays> {
    if (asked.request.cuts.length > 0) return find();
    const key = await keyOf(asked.request);
    const known = this.#found.get(asked.owner)?.get(key);
    if (known !== undefined) {
      const scores = await this.#takeKnown(known, asked.control);
      if (scores !== null) return scores;
    }
    return this.#use(await this.#find(asked.owner, key, find));
  }

  /** Null where who began to find them gave up; then they are to be found anew. */
  async #takeKnown(
    known: Promise<CachedScores>,
    { signal }: JobControl,
  ): Promise<ScoreArrays | null> {
    try {
      const entry = await known;
      throwIfCancelled(signal);
      return entry.retired ? null : this.#use(entry);
    } catch (error) {
      if (error instanceof CancelledError && !signal.aborted) return null;
      throw error;
    }
  }

  async #find(owner: object, key: string, find: () => Promise<ScoreArrays>): Promise<CachedScores> {
    const ofOwner = this.#found.get(owner) ?? new Map<string, Promise<CachedScores>>();
    this.#found.set(owner, ofOwner);
    const finding = find().then((scores) => {
      const bytes = modelByteLength(scores.arrays);
      return { owner, key, scores, bytes, users: 0, retired: false };
    });
    ofOwner.set(key, finding);
    try {
      const entry = await finding;
      this.#byAge.add(entry);
      // The owner was let go of meanwhile: nobody will ask again.
      if (this.#found.get(owner) !== ofOwner) entry.retired = true;
      return entry;
    } catch (error) {
      if (ofOwner.get(key) === finding) ofOwner.delete(key);
      throw error;
    }
  }

  #use(entry: CachedScores): ScoreArrays {
    entry.users += 1;
    this.#byAge.delete(entry);
    this.#byAge.add(entry);
    let isOpen = true;
    return {
      ...entry.scores,
      close: async () => {
        if (!isOpen) return;
        isOpen = false;
        await this.#release(entry);
      },
    };
  }

  async #release(entry: CachedScores): Promise<void> {
    entry.users -= 1;
    if (entry.retired && entry.users === 0) await this.#close(entry);
    for (const old of this.#byAge) {
      if (this.#fits()) break;
      await this.#retire(old);
    }
  }

  #fits(): boolean {
    const kept = [...this.#byAge].filter(({ retired }) => !retired);
    const bytes = kept.reduce((sum, entry) => sum + entry.bytes, 0);
    return kept.length <= this.#limits.entries && bytes <= this.#limits.bytes;
  }

  async #retire(entry: CachedScores): Promise<void> {
    entry.retired = true;
    this.#found.get(entry.owner)?.delete(entry.key);
    if (entry.users === 0) await this.#close(entry);
  }

  async #close(entry: CachedScores): Promise<void> {
    if (this.#byAge.delete(entry)) await entry.scores.close();
  }
}

interface Asked {
  readonly owner: object;
  readonly request: ScoreRequest | ReconstructRequest;
  readonly control: JobControl;
}

/** Everything that scores follow from, beside the model. */
async function keyOf(request: ScoreRequest | ReconstructRequest): Promise<string> {
  const { criterion, options, tensors, data, seed } = request;
  const parts = [criterion, options, tensors, data, seed];
  const state = [await dataFingerprint(data), await currentEngine(), targetsOf(request)];
  return JSON.stringify([...parts, ...state]);
}

/** The state of the files that a recipe names beside its model. */
async function filesState({ data, calibration, mask }: Recipe): Promise<readonly string[]> {
  const sets = [data, calibration].filter((one) => one !== undefined);
  const states = await Promise.all(sets.map(dataFingerprint));
  return mask === undefined ? states : [...states, await fileState(mask)];
}

/** What is to go, in short; null of plain scores. */
function targetsOf(request: ScoreRequest | ReconstructRequest): unknown {
  if (!('targets' in request)) return null;
  const hash = createHash('sha256');
  for (const target of request.targets) {
    const isMask = target.kind === 'mask';
    hash.update(`${isMask ? `mask of ${target.mask.length} bytes` : JSON.stringify(target)}\n`);
    if (isMask) hash.update(target.mask);
  }
  return hash.digest('hex');
}
