import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from './fixtures';

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command line. */
export const commandLine = path.join(projectRoot, 'dist/cli.js');

/** Starts the built command line as a user's shell would. */
export function startSecateur(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [commandLine, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for a started command and collects what it printed. */
export function finished(child: ChildProcess): Promise<CommandResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** Runs one command to its end. */
export function secateur(...args: readonly string[]): Promise<CommandResult> {
  return finished(startSecateur(args));
}
