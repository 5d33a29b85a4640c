// Loaded before the command line: at its end it writes to stream 3 how long it ran and its peak memory.
const process = require('node:process');
const { performance } = require('node:perf_hooks');
const { writeSync } = require('node:fs');

const start = performance.now();
process.on('exit', () => {
  const { maxRSS } = process.resourceUsage();
  writeSync(3, JSON.stringify({ seconds: (performance.now() - start) / 1000, maxRSS }));
});
