// npm run compare-criteria [-- --check]: sweeps every criterion on networks of the fixtures with the command line
// and writes what is left of their accuracy to docs/criteria-comparison.md, below the line that says so; what stands
// above it is written by hand. With --check nothing is written: it fails when the page is out of date. With
// --keep=FOLDER sweeps are kept there, and taken from there where they are: a run that was cut short goes on where it was.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import prettier from 'prettier';
import { loadTypeScript } from './bundle.mjs';
import { installIfStale, root } from './install.mjs';
import { runScript } from './runScript.mjs';

const fixtures = path.join(root, 'test/fixtures');
const page = path.join(root, 'docs/criteria-comparison.md');
const MARK = '<!-- What follows is written by npm run compare-criteria. -->';
const kept = /^--keep=(.+)$/.exec(process.argv.find((arg) => arg.startsWith('--keep=')) ?? '')?.[1];

/** Rows of the training data that scores are found on; each seed draws others. */
const CALIBRATION_SAMPLES = 256;
const SEEDS = [0, 1, 2];

const NETWORKS = [
  {
    title: 'Digits: three dense layers (64-64-64-10)',
    model: 'onnx/digits_mlp_legacy.onnx',
    data: 'digits.npz',
    scale: '16',
  },
  {
    title: 'MNIST: LeNet-5',
    model: 'onnx/lenet5_legacy.onnx',
    data: 'mnist.npz',
    scale: '255',
  },
  {
    title: 'MNIST: a residual network with batch normalization (21,300 weights)',
    model: 'keras/resbn.keras',
    data: 'mnist.npz',
    scale: '255',
    // A draw takes ten times as long as one of LeNet-5.
    seeds: [0],
  },
];

installIfStale(root);
runScript('build.mjs');
const { CRITERIA, CRITERION_TRAITS } = await loadTypeScript('src/core/criteria/criterion.ts');

/** What is swept together: criteria, and the one option that they are swept with. */
const TABLES = [
  {
    title: 'Single weights',
    scope: 'global',
    sparsities: [0.5, 0.8, 0.9],
    sweeps: [
      { criteria: ranking('weights') },
      { criteria: ['grasp'], option: 'order=highest-first' },
      { criteria: ['output-sensitivity'], option: 'sensitivity=delta-mse' },
    ],
  },
  {
    title: 'Whole units, masked',
    scope: 'layer',
    sparsities: [0.3, 0.5, 0.8, 0.9],
    sweeps: [
      { criteria: ['random@unit', 'taylor@unit', ...ranking('units')] },
      { criteria: ['taylor@unit'], option: 'reduction=signed-sum' },
      { criteria: ['taylor@unit'], option: 'of=activations' },
    ],
  },
];

const folder = kept ?? mkdtempSync(path.join(os.tmpdir(), 'compare-'));
try {
  const written = readFileSync(page, 'utf8');
  const [head] = written.split(MARK);
  const text = await prettier.format(`${head}${MARK}\n\n${figures()}`, {
    parser: 'markdown',
    printWidth: 100,
  });
  if (!process.argv.includes('--check')) writeFileSync(page, text);
  else if (written !== text) {
    process.stderr.write('docs/criteria-comparison.md is out of date: npm run compare-criteria\n');
    process.exitCode = 1;
  }
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}

function ranking(what) {
  return CRITERIA.filter((criterion) => CRITERION_TRAITS[criterion].ranks === what);
}

function figures() {
  const parts = NETWORKS.flatMap((network) => [
    `## ${network.title}\n`,
    ...TABLES.map((table) => section(network, table)),
  ]);
  return `Scores are found on ${CALIBRATION_SAMPLES} rows of the training data; figures that depend on them, or on chance, are the
mean of ${SEEDS.length} draws with the population deviation, but where one draw is named.

${parts.join('\n')}`;
}

function section(network, { title, scope, sparsities, sweeps }) {
  const results = sweeps.map((sweep) => swept(network, { scope, sparsities, ...sweep }));
  const [{ baseline, samples }] = results;
  const { low, high } = baseline.intervals.accuracy;
  const before = `The network as it is: ${percent(baseline.accuracy)} % (95 % interval ${percent(low)} to ${percent(high)}) of ${samples} samples.${network.seeds === undefined ? '' : ' One draw.'}`;
  const curves = results.flatMap(({ criteria }, i) =>
    criteria.map((curve) => ({ ...curve, name: nameOf(curve, sweeps[i].option) })),
  );
  const used = curves.filter(({ problem }) => problem === undefined);
  const left = curves.filter(({ problem }) => problem !== undefined);
  const head = ['criterion', ...sparsities.map((sparsity) => `${Math.round(sparsity * 100)} %`)];
  const rows = used.map((curve) => [curve.name, ...sparsities.map((_, i) => cell(curve, i))]);
  return [
    `### ${title}\n`,
    `${before}\n`,
    table(head, rows),
    ...left.map(({ name, problem }) => `${name} is not in the table: ${problem}.\n`),
  ].join('\n');
}

function nameOf({ criterion }, option) {
  return option === undefined ? `\`${criterion}\`` : `\`${criterion}\` with \`${option}\``;
}

function swept({ model, data, scale, seeds = SEEDS }, { scope, sparsities, criteria, option }) {
  const name = [path.basename(model), scope, ...(option === undefined ? [] : [option])].join('-');
  const out = path.join(folder, `${name}.json`);
  if (!existsSync(out)) {
    execFileSync(
      process.execPath,
      [
        ...[path.join(root, 'dist/cli.js'), 'sweep', path.join(fixtures, model)],
        ...['--criteria', criteria.join(','), '--sparsities', sparsities.join(',')],
        ...(option === undefined ? [] : ['--option', option]),
        ...['--scope', scope, '--seeds', seeds.join(',')],
        ...['--data', path.join(fixtures, 'datasets', data), '--scale', scale, '--split', 'test'],
        ...['--calibration-split', 'train', '--calibration-sample', String(CALIBRATION_SAMPLES)],
        ...['--engine', 'tfjs', '--out', out],
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
  }
  return JSON.parse(readFileSync(out, 'utf8'));
}

function cell({ seeds }, index) {
  const values = seeds.map(({ points }) => points[index].value);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const spread = values.length > 1 ? ` ± ${percent(Math.sqrt(variance))}` : '';
  return `${percent(mean)}${spread}`;
}

function percent(share) {
  return (100 * share).toFixed(1);
}

function table(head, rows) {
  const line = (row) => `| ${row.join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('');
}
