import type { Model } from '../core/model/model';
import { throwIfCancelled } from '../core/progress';
import type { ConstantUnits } from '../core/statistics/constantUnits';
import { readTensorStatistics } from '../core/statistics/readTensorStatistics';
import type { MeasuredTensor } from '../core/statistics/readTensorStatistics';
import type { WorkerProgress, WorkerResult } from '../protocol/hostWorker';
import type { TensorStatisticsView } from '../protocol/views';
import { MeasureQueue } from './measureQueue';
import type { ModelSession } from './modelSessions';
import { observeUnits } from './observeUnits';
import type { RequestControl } from './rpc/requestMap';
import { throttledReport } from './throttledReport';

/** Tells the statistics of each tensor as they are found, or at once where they were read before. */
export async function readStatistics(
  session: ModelSession,
  first: readonly string[],
  control: RequestControl<WorkerProgress>,
): Promise<WorkerResult<'readStatistics'>> {
  const found = session.statistics ?? (await measureInOrder(session, first, control));
  if (session.statistics !== null) for (const entry of found) tell(entry, control);
  session.statistics = found;
  return { tensorCount: found.length };
}

/** What is in sight is told to the session's queue while it is measured. */
async function measureInOrder(
  session: ModelSession,
  first: readonly string[],
  control: RequestControl<WorkerProgress>,
): Promise<readonly TensorStatisticsView[]> {
  const queue = new MeasureQueue(session.opened.model.tensors);
  queue.prefer(first);
  session.measuring = queue;
  try {
    return await measure(session.opened.model, queue, control);
  } finally {
    if (session.measuring === queue) session.measuring = null;
  }
}

async function measure(
  model: Model,
  order: MeasureQueue,
  control: RequestControl<WorkerProgress>,
): Promise<readonly TensorStatisticsView[]> {
  const { signal, report } = control;
  const units = observeUnits(model);
  const passOn = throttledReport((progress) => report({ kind: 'progress', report: progress }));
  const found: TensorStatisticsView[] = [];
  const options = { order, onValues: units.onValues };
  for await (const measured of readTensorStatistics(model, { signal, report: passOn }, options)) {
    throwIfCancelled(signal);
    const entry = viewOf(measured, units.take(measured.tensor));
    if (entry === null) continue;
    found.push(entry);
    tell(entry, control);
  }
  return found;
}

function tell(statistics: TensorStatisticsView, { report }: RequestControl<WorkerProgress>): void {
  report({ kind: 'tensorStatistics', statistics });
}

/** Only of weights is the distribution sent: a vector's histogram is drawn from its statistics. */
function viewOf(
  { tensor, statistics, distribution }: MeasuredTensor,
  constantUnits: ConstantUnits | null,
): TensorStatisticsView | null {
  if (statistics === null) return null;
  const isDrawn = tensor.role === 'parameter' && tensor.shape.length >= 2;
  return {
    tensor: tensor.name,
    statistics,
    distribution: isDrawn ? distribution : null,
    constantUnits,
  };
}
