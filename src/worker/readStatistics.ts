import { throwIfCancelled } from '../core/progress';
import { readTensorStatistics } from '../core/statistics/readTensorStatistics';
import type { MeasuredTensor } from '../core/statistics/readTensorStatistics';
import type { WorkerProgress, WorkerResult } from '../protocol/hostWorker';
import type { TensorStatisticsView } from '../protocol/views';
import type { ModelSession } from './modelSessions';
import type { RequestControl } from './rpc/requestMap';
import { throttledReport } from './throttledReport';

/** Tells the statistics of each tensor as they are found, or at once where they were read before. */
export async function readStatistics(
  session: ModelSession,
  control: RequestControl<WorkerProgress>,
): Promise<WorkerResult<'readStatistics'>> {
  const found = session.statistics ?? (await measure(session, control));
  if (session.statistics !== null) for (const entry of found) tell(entry, control);
  session.statistics = found;
  return { tensorCount: found.length };
}

async function measure(
  session: ModelSession,
  control: RequestControl<WorkerProgress>,
): Promise<readonly TensorStatisticsView[]> {
  const { signal, report } = control;
  const passOn = throttledReport((progress) => report({ kind: 'progress', report: progress }));
  const found: TensorStatisticsView[] = [];
  for await (const measured of readTensorStatistics(session.opened.model, {
    signal,
    report: passOn,
  })) {
    throwIfCancelled(signal);
    const entry = viewOf(measured);
    if (entry === null) continue;
    found.push(entry);
    tell(entry, control);
  }
  return found;
}

function tell(statistics: TensorStatisticsView, { report }: RequestControl<WorkerProgress>): void {
  report({ kind: 'tensorStatistics', statistics });
}

/** Only weights are drawn: a vector's distribution would cross for nothing. */
function viewOf({ tensor, statistics, distribution }: MeasuredTensor): TensorStatisticsView | null {
  if (statistics === null) return null;
  const isDrawn = tensor.role === 'parameter' && tensor.shape.length >= 2;
  return { tensor: tensor.name, statistics, distribution: isDrawn ? distribution : null };
}
