// One run of the built command line, in a process of its own.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Seconds from the first line of our code to its end, of the whole process, and its peak memory. */
export function runCommandLine(root, args) {
  const probe = path.join(root, 'test/bench/measureProcess.cjs');
  const cli = path.join(root, 'dist/cli.js');
  const start = performance.now();
  const {
    status,
    stderr,
    output: streams,
  } = spawnSync(process.execPath, ['--require', probe, cli, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const wholeSeconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}: ${stderr}`);
  const { seconds, maxRSS } = JSON.parse(String(streams[3]));
  return { seconds, wholeSeconds, peakMegabytes: (maxRSS * 1024) / 1e6 };
}
