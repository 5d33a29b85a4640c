import type { JobControl } from '../core/progress';

/** What a command is given besides its arguments. */
export interface CommandContext {
  readonly control: JobControl;
  /** Set when the user interrupts. */
  readonly signal: AbortSignal;
}

/** One command of the command line; prints its result and throws what fails. */
export interface Command {
  run(args: readonly string[], context: CommandContext): Promise<void>;
}
