// npm test [-- phase…] [-- filter…]: installs what is missing and runs the phases, all of them when
// none is named. Words that name no phase choose tests by a part of their path.
import { installIfStale, root } from './install.mjs';

installIfStale(root);
const { phases } = await import('./testPhases.mjs');

// Leaving by exit() lets go of servers and browsers; a signal's default would leave them running.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

const words = process.argv.slice(2);
const named = phases.filter((phase) => words.includes(phase.name));
const filters = words.filter((word) => phases.every((phase) => phase.name !== word));
const chosen = phases.filter((phase) => named.length === 0 || isNeeded(phase));
const results = [];
for (const phase of chosen) {
  console.log(`\n== ${phase.title}`);
  results.push({ title: phase.title, ...(await runPhase(phase)) });
}

console.log('\n== Summary');
for (const { title, passed, failed, seconds } of results) {
  console.log(`${title}: ${passed} passed, ${failed} failed (${seconds} s)`);
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exit(sum('failed') === 0 ? 0 : 1);

/** Named itself, or what a named one needs. */
function isNeeded({ name }) {
  return named.some((phase) => phase.name === name || phase.needs?.includes(name));
}

/** A phase that breaks counts as one failure and does not stop the later ones. */
async function runPhase(phase) {
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
  try {
    return { ...(await phase.run(filters)), seconds: seconds() };
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1, seconds: seconds() };
  }
}
