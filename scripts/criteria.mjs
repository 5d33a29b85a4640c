// npm run criteria [-- --check]: compares every criterion with every number that test/fixtures/oracles/pruning has of it,
// through what the commands scores, plan and prune do, and writes the differences to docs/criteria-oracles.md. With
// --check nothing is written: it fails when a comparison is missing from the table; in both cases when one does not
// hold, or a figure of the oracles is neither compared nor named as left out. Further words choose the rows that have them all; then nothing is written either.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import prettier from 'prettier';
import { loadTypeScript } from './bundle.mjs';
import { installIfStale, root } from './install.mjs';

const page = path.join(root, 'docs/criteria-oracles.md');
const failures = [];

installIfStale(root);
const args = process.argv.slice(2);
const words = args.filter((word) => word !== '--check');
const { criteriaCases, LEFT_OUT, unreadFigures, watchOracles } = await loadTypeScript(
  'test/helpers/criteria/criteriaCases.ts',
);
watchOracles();
const cases = (await criteriaCases()).filter((one) => {
  const text = [one.criterion, one.fixture, one.oracle, one.compared].join(' ');
  return words.every((word) => text.includes(word));
});
const rows = [];
for (const one of cases) rows.push(await rowOf(one));
if (words.length === 0) {
  for (const figure of await unreadFigures()) failures.push(`nothing is compared with ${figure}`);
}
if (args.includes('--check')) await compareWithPage();
else if (words.length === 0) {
  await writeFile(
    page,
    await prettier.format(pageText(rows), { parser: 'markdown', printWidth: 100 }),
  );
}
console.log(`${rows.length} comparisons, ${failures.length} failed`);
for (const failure of failures) console.error(`✖ ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** A row of the table; a failure is noted. */
async function rowOf(one) {
  const { criterion, fixture, oracle, compared, tolerance } = one;
  const title = `${criterion}, ${fixture}, ${oracle}: ${compared}`;
  const cells = [criterion, fixture, oracle, compared, allowedText(tolerance)];
  try {
    const difference = await one.measure();
    const holds = difference <= tolerance;
    if (!holds) failures.push(`${title}: ${difference}, allowed ${tolerance}`);
    return `| ${[...cells, roundedUp(difference), holds ? 'holds' : '**fails**'].join(' | ')} |`;
  } catch (error) {
    failures.push(`${title}: ${error.message}`);
    return `| ${[...cells, 'not measured', '**fails**'].join(' | ')} |`;
  }
}

function allowedText(tolerance) {
  return tolerance === 0 ? 'the same' : String(tolerance);
}

/** A power of ten, so that the page stays the same where only the last bits of sums differ. */
function roundedUp(value) {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return 'all';
  return Number.isInteger(value)
    ? `${value} others`
    : (10 ** Math.ceil(Math.log10(value))).toExponential(0);
}

function pageText(lines) {
  return `# Criteria beside other tools

Every score, count, mask, index and importance that \`test/fixtures/oracles/pruning\` tells of a model, beside what
\`secateur scores\`, \`plan\` and \`prune\` make of the same file. The numbers come from PyTorch 2.13 (\`torch.nn.utils.prune\`,
gradients in float64), NumPy, Torch-Pruning 1.6 and Keras 3.15, as each file says. Importances of coupled layers and
the surgeon's steps over biases are those of the core's functions: the commands rank layer by layer, or head by head, and
leave biases as they are.

The difference is the largest |a − b| / |b|, rounded up to a power of ten; counts, masks and indices must be the same. It may
be 1e-3 where gradients or activations in single precision enter (what lies within 1e-6 of an array's norm is rounding
there), 1e-6 elsewhere. \`npm run criteria\` measures it.

| criterion | model | oracle | compared | allowed | difference | |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

## Without a row

Every other figure in these files is read by a comparison above, which \`npm run criteria\` checks.

| figures | |
| --- | --- |
${LEFT_OUT.map(({ what, reason }) => `| ${what} | ${reason} |`).join('\n')}
`;
}

async function compareWithPage() {
  const written = (await readFile(page, 'utf8')).replace(/ +/g, ' ');
  for (const row of rows) {
    const shown = row.split(' | ').slice(0, 4).join(' | ');
    if (!written.includes(shown)) failures.push(`docs/criteria-oracles.md lacks ${shown}`);
  }
}
