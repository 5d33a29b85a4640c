import type { Logger } from 'vscode-jsonrpc/node';

/** What the transport says goes to stderr: the parent keeps it as a log, stdout is nobody's. */
export const stderrLogger: Logger = {
  error: (message) => write('error', message),
  warn: (message) => write('warn', message),
  info: (message) => write('info', message),
  log: (message) => write('log', message),
};

function write(level: string, message: string): void {
  process.stderr.write(`[${level}] ${message}\n`);
}
