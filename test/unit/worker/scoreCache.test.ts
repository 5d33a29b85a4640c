import assert from 'node:assert/strict';
import { utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import type {
  ScoreArrays,
  ScoreRequest,
  ScoringPort,
} from '../../../src/core/criteria/scoringPort';
import { CancelledError } from '../../../src/core/errors';
import { encodeNpz } from '../../../src/core/formats/numpy/encodeNpz';
import { type JobControl, unattended } from '../../../src/core/progress';
import { DEFAULT_RECIPE } from '../../../src/core/recipe/parseRecipe';
import type { Recipe } from '../../../src/core/recipe/recipe';
import type { SensitivityResult } from '../../../src/core/sweep/sensitivity';
import { makeScoresFolder } from '../../../src/node/scoresFolder';
import { openModelFile } from '../../../src/node/openModel';
import { pathExists } from '../../../src/node/pathExists';
import { ScoreCache } from '../../../src/worker/scoreCache';
import { temporaryFolder } from '../../helpers/fixtures';

const LIMITS = { entries: 2, bytes: 1e9 };

const NO_LAYERS: SensitivityResult = {
  criterion: 'magnitude',
  granularity: 'weight',
  metric: 'loss',
  samples: 1,
  engine: 'none',
  baseline: { loss: 0, intervals: { loss: { low: 0, high: 0 } } },
  layers: [],
};

/** A port that writes real files of scores, and tells which it wrote. */
class FilePort implements ScoringPort {
  readonly files: string[] = [];
  /** How often sensitivity was measured. */
  measured = 0;
  /** What scoring waits for. */
  until: Promise<void> = Promise.resolve();
  /** Settles when scoring has begun. */
  readonly begun: Promise<void>;
  #begin: () => void = () => undefined;

  constructor() {
    this.begun = new Promise((resolve) => (this.#begin = resolve));
  }

  async score(): Promise<ScoreArrays> {
    this.#begin();
    await this.until;
    const folder = await makeScoresFolder();
    const values = Float32Array.from([this.files.length]);
    await writeFile(folder.file, encodeNpz([{ name: 'w', shape: [1], values }]));
    this.files.push(folder.file);
    const opened = await openModelFile(folder.file);
    const close = async (): Promise<void> => {
      await opened.close();
      await folder.remove();
    };
    return { samples: 1, engine: 'none', arrays: opened.model, close };
  }

  reconstruct(): Promise<ScoreArrays> {
    return this.score();
  }

  sensitivity(): Promise<SensitivityResult> {
    this.measured += 1;
    return Promise.resolve(NO_LAYERS);
  }
}

interface Cached {
  readonly port: FilePort;
  readonly cache: ScoreCache;
  readonly owner: object;
  readonly request: ScoreRequest;
  /** Takes scores, and gives them back. */
  readonly use: (fields?: Partial<ScoreRequest>) => Promise<void>;
}

async function cachedScores(t: TestContext): Promise<Cached> {
  const data = path.join(await temporaryFolder(t), 'data.npz');
  await writeFile(data, 'some data');
  const port = new FilePort();
  const cache = new ScoreCache(port, LIMITS);
  const owner = {};
  t.after(() => cache.forget(owner));
  const request: ScoreRequest = {
    path: '/model.onnx',
    architecture: null,
    cuts: [],
    criterion: 'gradient',
    options: {},
    tensors: ['w'],
    data: { file: data },
    seed: 0,
  };
  const use = async (fields: Partial<ScoreRequest> = {}): Promise<void> => {
    const scores = await cache.portFor(owner).score({ ...request, ...fields }, unattended);
    await scores.close();
  };
  return { port, cache, owner, request, use };
}

test('scores of the same model, data, method and seed are found once', async (t) => {
  const { port, use } = await cachedScores(t);
  await use();
  await use();
  assert.equal(port.files.length, 1);
  await use({ seed: 1 });
  await use({ criterion: 'taylor' });
  assert.equal(port.files.length, 3);
});

test('changed data is scored anew', async (t) => {
  const { port, use, request } = await cachedScores(t);
  await use();
  await utimes(request.data.file, new Date(1e12), new Date(1e12));
  await use();
  assert.equal(port.files.length, 2);
});

test('data in a folder is scored anew when one of its arrays was written over', async (t) => {
  const { port, use, request } = await cachedScores(t);
  const folder = path.dirname(request.data.file);
  await use({ data: { file: folder } });
  await use({ data: { file: folder } });
  assert.equal(port.files.length, 1);
  await utimes(request.data.file, new Date(1e12), new Date(1e12));
  await use({ data: { file: folder } });
  assert.equal(port.files.length, 2);
});

test('sensitivity is measured anew when data, calibration or mask has changed, and only then', async (t) => {
  const { port, cache, owner, request } = await cachedScores(t);
  const folder = path.dirname(request.data.file);
  const place = (name: string): string => path.join(folder, name);
  for (const name of ['calibration.npz', 'mask.npz']) await writeFile(place(name), name);
  const recipe: Recipe = {
    ...DEFAULT_RECIPE,
    data: request.data,
    calibration: { file: place('calibration.npz') },
    mask: place('mask.npz'),
  };
  const measure = (): Promise<SensitivityResult> =>
    cache.portFor(owner).sensitivity({ path: request.path, recipe }, unattended);
  await measure();
  await measure();
  assert.equal(port.measured, 1);
  for (const [index, name] of ['data.npz', 'calibration.npz', 'mask.npz'].entries()) {
    await utimes(place(name), new Date(1e12), new Date(1e12));
    await measure();
    assert.equal(port.measured, index + 2, name);
  }
});

test('scores after earlier cuts are not kept', async (t) => {
  const { port, use } = await cachedScores(t);
  const cut = { threshold: 1, tieLimit: 0, unitMap: null, zeroedUnits: [] };
  const entry = { layer: 'l', tensor: 'w', bias: null, criterion: 'magnitude', cut } as const;
  const counts = {
    elementCount: 1,
    zerosBefore: 0,
    zerosAfter: 1,
    nonFinite: 0,
    overridden: false,
  };
  const cuts = [{ ...entry, ...counts }];
  await use({ cuts });
  await use({ cuts });
  assert.equal(port.files.length, 2);
  assert.equal(await pathExists(port.files[0]!), false);
});

test('the least recently used scores go, with their files, when there are too many', async (t) => {
  const { port, use } = await cachedScores(t);
  await use({ seed: 1 });
  await use({ seed: 2 });
  await use({ seed: 1 });
  await use({ seed: 3 });
  const kept = await Promise.all(port.files.map(pathExists));
  assert.deepEqual(kept, [true, false, true]);
});

test('scores larger than all that may be kept go when they are given back', async (t) => {
  const { port, request } = await cachedScores(t);
  const cache = new ScoreCache(port, { entries: 2, bytes: 1 });
  const scores = await cache.portFor({}).score(request, unattended);
  assert.equal(await pathExists(port.files[0]!), true);
  await scores.close();
  assert.equal(await pathExists(port.files[0]!), false);
});

test('what is let go of while it is used stays until it is given back', async (t) => {
  const { port, cache, owner, request } = await cachedScores(t);
  const scores = await cache.portFor(owner).score(request, unattended);
  await cache.forget(owner);
  assert.equal(await pathExists(port.files[0]!), true);
  await scores.close();
  assert.equal(await pathExists(port.files[0]!), false);
});

test('scores that come when their model is closed are not kept', async (t) => {
  const { port, cache, owner, request } = await cachedScores(t);
  let go: () => void = () => undefined;
  port.until = new Promise((resolve) => (go = resolve));
  const pending = cache.portFor(owner).score(request, unattended);
  await port.begun;
  await cache.forget(owner);
  go();
  await (await pending).close();
  assert.equal(await pathExists(port.files[0]!), false);
});

/** A control whose signal is looked at when known scores are waited for. */
function watchedControl(): JobControl & { readonly looked: Promise<void> } {
  let look: () => void = () => undefined;
  const looked = new Promise<void>((resolve) => (look = resolve));
  return {
    report: unattended.report,
    get signal() {
      look();
      return unattended.signal;
    },
    looked,
  };
}

test('who waits for scores gets them although who asked first gave up', async (t) => {
  const { port, cache, owner, request } = await cachedScores(t);
  let giveUp: (error: Error) => void = () => undefined;
  port.until = new Promise((_, reject) => (giveUp = reject));
  const scoring = cache.portFor(owner);
  const first = scoring.score(request, { ...unattended, signal: { aborted: true } });
  await port.begun;
  const control = watchedControl();
  const second = scoring.score(request, control);
  await control.looked;
  port.until = Promise.resolve();
  giveUp(new CancelledError());
  await assert.rejects(first, CancelledError);
  await (await second).close();
  assert.equal(port.files.length, 1);
});
