// npm run outputs [-- --check]: runs every fixture that has reference outputs on each engine that takes
// it and writes the differences to docs/outputs.md. With --check nothing is written: it fails when a file
// is missing from the table, and in both cases when a difference exceeds what is allowed.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import prettier from 'prettier';
import { loadTypeScript } from './bundle.mjs';
import { installIfStale, root } from './install.mjs';

const FOLDERS = ['onnx', 'keras', 'tfjs', 'numpy'];
const page = path.join(root, 'docs/outputs.md');
const failures = [];

installIfStale(root);
const { keepsTolerance, outputOracles, runOracle } = await loadTypeScript(
  'test/helpers/outputOracles.ts',
);
const rows = [];
for (const oracle of await outputOracles(FOLDERS)) {
  const own = await measure(oracle, 'tfjs');
  const runtime = oracle.model.startsWith('onnx/') ? await measure(oracle, 'onnxruntime') : '';
  rows.push(`| ${oracle.model} | ${toleranceText(oracle)} | ${own} | ${runtime} |`);
}
const text = await prettier.format(pageText(rows), { parser: 'markdown', printWidth: 100 });
if (process.argv.includes('--check')) await compareWithPage();
else await writeFile(page, text);
console.log(`${rows.length} models, ${failures.length} failed`);
for (const failure of failures) console.error(`✖ ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** The difference in words; a failure is noted. */
async function measure(oracle, engine) {
  try {
    const found = await runOracle(oracle, engine);
    if (!keepsTolerance(oracle, found)) {
      failures.push(`${oracle.model}, ${engine}: ${JSON.stringify(found)}`);
    }
    if (oracle.tolerance.kind === 'largest-output') {
      return `${found.samples - found.otherLargest} of ${found.samples}`;
    }
    return roundedUp(found.difference);
  } catch (error) {
    failures.push(`${oracle.model}, ${engine}: ${error.message}`);
    return 'not run';
  }
}

/** Two digits, so that the page stays the same where only the last bits of sums differ. */
function roundedUp(value) {
  if (value === 0) return '0';
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return (Math.ceil(value / unit) * unit).toExponential(1);
}

function toleranceText({ tolerance }) {
  return tolerance.kind === 'difference' ? String(tolerance.limit) : 'same largest output';
}

function pageText(lines) {
  return `# Outputs

What each engine gives for 16 inputs of every fixture, beside the outputs of the framework that made it: the largest
difference |a − b| / max(1, max |b|) over all outputs, rounded up. Of int8 networks, whose kernels differ from machine to
machine, the samples with the same largest output. \`npm run outputs\` measures it.

| model | allowed | own executor (TensorFlow.js) | ONNX Runtime |
| --- | --- | --- | --- |
${lines.join('\n')}
`;
}

async function compareWithPage() {
  const written = await readFile(page, 'utf8');
  for (const row of rows) {
    const [, model] = row.split('|');
    if (!written.includes(`| ${model.trim()} `)) failures.push(`docs/outputs.md lacks${model}`);
  }
}
