import { SecateurError } from '../../src/core/errors';
import { cutsByTensor } from '../../src/core/model/applyCut';
import { verifyChecksums } from '../../src/core/model/verifyChecksums';
import type { ModelSink } from '../../src/core/model/modelSink';
import { writeModel } from '../../src/core/model/writeModel';
import { unattended } from '../../src/core/progress';
import { parseRecipe } from '../../src/core/recipe/parseRecipe';
import { planPrune } from '../../src/core/selection/planPrune';
import { readTensorStatistics } from '../../src/core/statistics/readTensorStatistics';
import { openModelFile } from '../../src/node/openModel';
import { memoryScratch } from '../helpers/memoryScratch';

/** What became of a file: it was read, or refused for a reason; anything else is thrown. */
export type Outcome = 'read' | 'refused';

/**
 * Does with a file what a user may: opens it, reads every tensor, plans and writes it pruned (to nowhere),
 * and audits it where it may hold a pickle.
 * @throws whatever is not one of the errors that bad files are meant to give.
 */
export async function exerciseModel(file: string): Promise<Outcome> {
  const outcomes = [await settle(() => pruneToNowhere(file))];
  return outcomes.includes('read') ? 'read' : 'refused';
}

async function settle(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    await work();
    return 'read';
  } catch (error) {
    if (error instanceof SecateurError && ['format', 'unsupported'].includes(error.kind)) {
      return 'refused';
    }
    throw error;
  }
}

const nowhere: ModelSink = {
  openFile: () => Promise.resolve({ write: () => Promise.resolve() }),
  openScratch: () => Promise.resolve(memoryScratch()),
};

async function pruneToNowhere(file: string): Promise<void> {
  const opened = await openModelFile(file);
  try {
    const { model } = opened;
    await verifyChecksums(model, unattended);
    for await (const measured of readTensorStatistics(model, unattended)) void measured;
    const plan = await planPrune(model, parseRecipe({ sparsity: 0.5 }, 'fuzz'), unattended);
    await writeModel(model, cutsByTensor(plan.entries), nowhere, unattended);
  } finally {
    await opened.close();
  }
}
