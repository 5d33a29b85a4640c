import type { ProgressReport, ReportProgress } from '../core/progress';

const INTERVAL_MS = 50;

/** Passes on what a bar can show: the first report of each phase, the last, and some between. */
export function throttledReport(report: ReportProgress): ReportProgress {
  let lastTime = 0;
  let lastPhase: ProgressReport['phase'] | null = null;
  return (progress) => {
    const now = performance.now();
    const isEdge = progress.phase !== lastPhase || progress.done >= progress.total;
    if (!isEdge && now - lastTime < INTERVAL_MS) return;
    lastTime = now;
    lastPhase = progress.phase;
    report(progress);
  };
}
