// Prunes every sample through the command line, as its recipe says, and prints what came of it.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './install.mjs';

/** @throws Error when a recipe is not carried out; the command line has said why. */
export function pruneSamples(samples) {
  const recipes = readdirSync(samples, { recursive: true }).filter((file) =>
    file.endsWith('.prune.json'),
  );
  for (const recipe of recipes.sort()) {
    const report = prune(path.join(samples, recipe));
    console.log(`\n${shown(path.join(samples, recipe))} → ${shown(report.output)}`);
    printTable(rowsOf(report));
  }
}

function shown(file) {
  return path.relative(root, file).split(path.sep).join('/');
}

function prune(recipe) {
  const cli = path.join(root, 'dist/cli.js');
  const { status, stdout } = spawnSync(
    process.execPath,
    [cli, 'prune', '--recipe', recipe, '--json'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  if (status !== 0) throw new Error(`secateur prune --recipe ${recipe}: exit code ${status}`);
  return JSON.parse(stdout);
}

/** One row a figure: what it is, before, after. */
function rowsOf({ layers, totals, sizes, evaluation }) {
  const zerosBefore = layers.reduce((sum, layer) => sum + layer.zerosBefore, 0);
  return [
    ['', 'before', 'after'],
    ...evaluationRows(evaluation),
    ['sparsity', percent(zerosBefore / totals.elementCount), percent(totals.sparsity)],
    ['size, raw', bytes(sizes.rawBefore), bytes(sizes.rawAfter)],
    ['size, gzip', bytes(sizes.gzipBefore), bytes(sizes.gzipAfter)],
  ];
}

function evaluationRows(evaluation) {
  if (evaluation === undefined) return [];
  const { before, after } = evaluation;
  const row = (label, show) => [label, show(before), show(after)];
  const rows = [row(`loss (${before.lossKind})`, ({ loss }) => loss.toFixed(4))];
  if (before.accuracy !== undefined) {
    rows.unshift(row('accuracy', ({ accuracy }) => percent(accuracy)));
  }
  if (before.kFold?.accuracy !== undefined) {
    const show = ({ kFold: { accuracy } }) =>
      `${percent(accuracy.mean)} ± ${percent(accuracy.deviation)}`;
    rows.push(row(`accuracy, ${before.kFold.folds} folds`, show));
  }
  return rows;
}

function printTable(rows) {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  for (const [label, before, after] of rows) {
    const cells = [label.padEnd(widths[0]), before.padStart(widths[1]), after.padStart(widths[2])];
    console.log(`  ${cells.join('   ')}`);
  }
}

function percent(share) {
  return `${(share * 100).toFixed(2)} %`;
}

function bytes(count) {
  return count === null ? 'not measured' : `${(count / 1000).toFixed(1)} kB`;
}
