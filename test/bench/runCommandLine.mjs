// One run of the built command line, in a process of its own.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Prints when the script began and what the process took at its end; the command line is loaded in between. */
const PROBE = `
const start = performance.now();
process.on('exit', () => {
  const { maxRSS } = process.resourceUsage();
  require('node:fs').writeSync(3, JSON.stringify({ seconds: (performance.now() - start) / 1000, maxRSS }));
});
`;

/** Seconds from the first line of our code to its end, of the whole process, and its peak memory. */
export function runCommandLine(root, args) {
  const cli = path.join(root, 'dist/cli.js');
  const script = `${PROBE}process.argv.splice(1, 0, ${JSON.stringify(cli)}); require(${JSON.stringify(cli)});`;
  const start = performance.now();
  const {
    status,
    stderr,
    output: streams,
  } = spawnSync(process.execPath, ['-e', script, '--', ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const wholeSeconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}: ${stderr}`);
  const { seconds, maxRSS } = JSON.parse(String(streams[3]));
  return { seconds, wholeSeconds, peakMegabytes: (maxRSS * 1024) / 1e6 };
}
