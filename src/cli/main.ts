import { failureKindOf, type FailureKind, UsageError } from '../core/errors';
import { auditCommand } from './auditCommand';
import type { Command, CommandContext } from './command';
import { convertCommand } from './convertCommand';
import { enginesCommand } from './enginesCommand';
import { evaluateCommand } from './evaluateCommand';
import { failureText } from './failureText';
import { helpText } from './help';
import { inspectCommand } from './inspectCommand';
import { packCommand } from './packCommand';
import { planCommand } from './planCommand';
import { ProgressPrinter } from './progressPrinter';
import { pruneCommand } from './pruneCommand';
import { runCommand } from './runCommand';
import { scoresCommand } from './scoresCommand';
import { sensitivityCommand } from './sensitivityCommand';
import { sweepCommand } from './sweepCommand';
import { unpackCommand } from './unpackCommand';

const COMMANDS: Readonly<Record<string, Command>> = {
  inspect: inspectCommand,
  plan: planCommand,
  prune: pruneCommand,
  evaluate: evaluateCommand,
  run: runCommand,
  scores: scoresCommand,
  sweep: sweepCommand,
  sensitivity: sensitivityCommand,
  audit: auditCommand,
  convert: convertCommand,
  pack: packCommand,
  unpack: unpackCommand,
  engines: enginesCommand,
};

/** The exit codes of the command-line contract. */
const EXIT_CODES: Readonly<Record<FailureKind, number>> = {
  internal: 1,
  usage: 2,
  format: 3,
  unsupported: 4,
  bound: 5,
  io: 6,
  cancelled: 130,
};

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || args.includes('--help') || args.includes('-h')) {
    process.stdout.write(helpText());
    return name === undefined ? EXIT_CODES.usage : 0;
  }
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  // Not once: a second signal must not cut short the cleaning up after the first.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  const progress = new ProgressPrinter(process.stderr);
  const context: CommandContext = {
    control: { signal: interrupted.signal, report: progress.report },
    signal: interrupted.signal,
  };
  try {
    await commandNamed(name).run(rest, context);
    return 0;
  } catch (error) {
    progress.clear();
    process.stderr.write(`secateur: ${failureText(error)}\n`);
    return EXIT_CODES[failureKindOf(error)];
  } finally {
    progress.clear();
  }
}

function commandNamed(name: string): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new UsageError(
      `found the command ${JSON.stringify(name)}; allowed: ${Object.keys(COMMANDS).join(', ')}`,
    );
  }
  return command;
}

// The output of a pipe that is closed early (`| head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
