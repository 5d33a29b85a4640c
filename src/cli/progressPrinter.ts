import type { ProgressPhase, ProgressReport } from '../core/progress';

const WORDS: Readonly<Record<ProgressPhase, string>> = {
  verify: 'Checking',
  statistics: 'Reading weights',
  score: 'Scoring',
  write: 'Writing',
  measure: 'Measuring gzip size',
  evaluate: 'Evaluating',
  'evaluate-before': 'Evaluating before',
  'evaluate-after': 'Evaluating after',
  install: 'npm',
};

const BAR_WIDTH = 24;
const REDRAW_MS = 80;
/** Jobs shorter than this say nothing. */
const QUIET_MS = 400;

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Progress on stderr: one redrawn bar on a terminal, a line a phase elsewhere. */
export class ProgressPrinter {
  private readonly startedAt = Date.now();
  private lastDraw = 0;
  private lastPhase: ProgressPhase | null = null;
  private drawn = false;

  constructor(private readonly output: Output) {}

  readonly report = (progress: ProgressReport): void => {
    const now = Date.now();
    if (now - this.startedAt < QUIET_MS) return;
    if (this.output.isTTY === true) this.draw(progress, now);
    else if (progress.phase !== this.lastPhase) this.output.write(`${WORDS[progress.phase]}…\n`);
    this.lastPhase = progress.phase;
  };

  /** Removes the bar, before anything else is printed. */
  clear(): void {
    if (this.drawn) this.output.write('\r\x1b[K');
    this.drawn = false;
  }

  private draw(progress: ProgressReport, now: number): void {
    if (now - this.lastDraw < REDRAW_MS) return;
    this.lastDraw = now;
    this.drawn = true;
    const share = progress.total === 0 ? 1 : Math.min(1, progress.done / progress.total);
    const filled = Math.round(share * BAR_WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    this.output.write(`\r\x1b[K${WORDS[progress.phase]} ${bar} ${percent}`);
  }
}
