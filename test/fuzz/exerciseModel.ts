import os from 'node:os';
import { SecateurError } from '../../src/core/errors';
import { inferShapes } from '../../src/core/graph/inferShapes';
import { cutsByTensor } from '../../src/core/model/applyCut';
import type { Model } from '../../src/core/model/model';
import type { ModelSink } from '../../src/core/model/modelSink';
import { verifyChecksums } from '../../src/core/model/verifyChecksums';
import { writeModel } from '../../src/core/model/writeModel';
import { planUnpacking } from '../../src/core/pack/planPacking';
import { unattended } from '../../src/core/progress';
import { parseRecipe } from '../../src/core/recipe/parseRecipe';
import { planPrune } from '../../src/core/selection/planPrune';
import { readTensorStatistics } from '../../src/core/statistics/readTensorStatistics';
import { auditFile } from '../../src/node/auditFile';
import { openScratchFile } from '../../src/node/scratchFile';
import { openModelFile } from '../../src/node/openModel';

/** What became of a file: it was read, or refused for a reason; anything else is thrown. */
export type Outcome = 'read' | 'refused';

const PICKLES = /\.(pt|pth|bin|ckpt|pkl|pdparams|pdopt|npy)$/;

/** Files that scripts/fuzz.mjs has packed, and those that SciPy has. */
const PACKED = /(packed-|scipy_)[^/\\]*$/;

/**
 * Does with a file what a user may: opens it, writes out its graph, reads every tensor, plans and writes it
 * pruned (to nowhere), audits it where it may hold a pickle, and unpacks it where it may be packed.
 * @throws whatever is not one of the errors that bad files are meant to give.
 */
export async function exerciseModel(file: string): Promise<Outcome> {
  const outcomes = [await settle(() => pruneToNowhere(file))];
  if (PICKLES.test(file)) outcomes.push(await settle(() => auditFile(file)));
  if (PACKED.test(file)) outcomes.push(await settle(() => unpackToNowhere(file)));
  return outcomes.includes('read') ? 'read' : 'refused';
}

async function settle(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    await work();
    return 'read';
  } catch (error) {
    if (isRefusal(error)) return 'refused';
    throw error;
  }
}

const nowhere: ModelSink = {
  openFile: () => Promise.resolve({ write: () => Promise.resolve() }),
  openScratch: () => openScratchFile(os.tmpdir(), ''),
};

/**
 * The graph at its declared shapes, and again for one sample, with the shapes and types of all its values.
 * A graph that does not fit together is no reason not to prune the file.
 */
function lowerAndInfer(model: Model): void {
  const { graph, lowerGraph, tensors } = model;
  if (graph === undefined) return;
  refusable(() => inferShapes(graph, tensors));
  const one = refusable(() =>
    graph.inputs.map(({ shape }) => shape.map((size) => (size < 0 ? 1 : size))),
  );
  if (one === null) return;
  refusable(() => inferShapes(lowerGraph?.(one) ?? graph, tensors, one));
}

/** Null where it was refused for a reason. */
function refusable<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof SecateurError && ['format', 'unsupported', 'usage'].includes(error.kind);
}

async function pruneToNowhere(file: string): Promise<void> {
  const opened = await openModelFile(file);
  try {
    const { model } = opened;
    lowerAndInfer(model);
    await verifyChecksums(model, unattended);
    const statistics = readTensorStatistics(model, unattended);
    while ((await statistics.next()).done !== true);
    const plan = await planPrune(model, parseRecipe({ sparsity: 0.5 }, 'fuzz'), unattended);
    await writeModel(model, cutsByTensor(plan.entries), nowhere, unattended);
  } finally {
    await opened.close();
  }
}

/** Checksums are left out: a hostile file has the right ones. */
async function unpackToNowhere(file: string): Promise<void> {
  const opened = await openModelFile(file);
  try {
    const { model } = opened;
    const statistics = readTensorStatistics(model, unattended);
    while ((await statistics.next()).done !== true);
    const unpacking = await planUnpacking(model);
    await unpacking.write({ write: () => Promise.resolve() }, unattended);
  } finally {
    await opened.close();
  }
}
