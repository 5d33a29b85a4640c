// A child of scripts/fuzz.mjs: exercises one file a message, so that a crash or a hang takes only it.
import { exerciseModel, type Outcome } from './exerciseModel';

/** What the child says of one file. */
interface Answer {
  readonly outcome: Outcome | 'crashed';
  readonly error?: string;
  /** Processor time, which does not depend on what else the machine is doing. */
  readonly milliseconds: number;
  /** Peak resident memory of the child so far. */
  readonly peakBytes: number;
}

async function answer(file: string): Promise<Answer> {
  const start = process.cpuUsage();
  const settled = await exerciseModel(file).then(
    (outcome) => ({ outcome }),
    (error: unknown) => ({
      outcome: 'crashed' as const,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  );
  const { user, system } = process.cpuUsage(start);
  const milliseconds = (user + system) / 1000;
  return { ...settled, milliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

process.on('message', (file: string) => {
  void answer(file).then((answered) => process.send?.(answered));
});
