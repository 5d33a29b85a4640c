// npm run compare-criteria [-- --check]: sweeps every criterion on networks of the fixtures with the command line
// and writes what is left of their accuracy to docs/criteria-comparison.md. With --check nothing is written: it
// fails when the page is out of date. With --keep=FOLDER sweeps are kept there, and taken from there where they are:
// a run that was cut short goes on where it was.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import prettier from 'prettier';
import { installIfStale, root } from './install.mjs';
import { runScript } from './runScript.mjs';

const fixtures = path.join(root, 'test/fixtures');
const page = path.join(root, 'docs/criteria-comparison.md');
const keep = /^--keep=(.+)$/.exec(process.argv.find((arg) => arg.startsWith('--keep=')) ?? '')?.[1];

/** Rows of the training data that scores are found on; each seed draws others. */
const CALIBRATION_SAMPLES = 256;
const SEEDS = [0, 1, 2];

const NETWORKS = [
  {
    title: 'Digits: three dense layers (64-64-64-10)',
    model: 'onnx/digits_mlp_legacy.onnx',
    output: '/fc3/Gemm',
    data: 'digits.npz',
    scale: '16',
  },
  {
    title: 'MNIST: LeNet-5',
    model: 'onnx/lenet5_legacy.onnx',
    output: '/fc3/Gemm',
    data: 'mnist.npz',
    scale: '255',
  },
  {
    title: 'MNIST: a residual network with batch normalization',
    model: 'onnx/resnet_bn_unfolded.onnx',
    output: '/fc/Gemm',
    data: 'mnist.npz',
    scale: '255',
    onlyUnits: true,
  },
];

/** By the names that `sweep --help` gives them; what ranks units stands by itself. */
const WEIGHTS = [
  'magnitude',
  'random',
  'lamp',
  'gradient',
  'taylor',
  'taylor-squared',
  'snip',
  'grasp',
  'output-sensitivity',
  'fisher',
  'obd',
  'wanda',
  'obs',
  'least-squares',
  'sparsegpt',
];

const UNITS = [
  'random@unit',
  'l1-norm',
  'l2-norm',
  'fpgm',
  'bn-scale',
  'taylor@unit',
  'apoz',
  'activation-mean',
  'entropy',
  'stability',
];

const WEIGHT_SPARSITIES = [0.5, 0.8, 0.9];
const UNIT_SPARSITIES = [0.3, 0.5, 0.8, 0.9];

installIfStale(root);
runScript('build.mjs');
const text = await prettier.format(pageText(), { parser: 'markdown', printWidth: 100 });
if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') !== text) {
    process.stderr.write('docs/criteria-comparison.md is out of date: npm run compare-criteria\n');
    process.exitCode = 1;
  }
} else writeFileSync(page, text);

function pageText() {
  const parts = NETWORKS.flatMap((network) => [
    `## ${network.title}\n`,
    ...(network.onlyUnits
      ? []
      : [section(network, 'Single weights', WEIGHTS, WEIGHT_SPARSITIES, 'global')]),
    section(network, 'Whole units, masked', UNITS, UNIT_SPARSITIES, 'layer'),
  ]);
  return `${introduction()}\n${parts.join('\n')}`;
}

function introduction() {
  return `# Criteria compared

Accuracy without any retraining, of networks pruned by every criterion and run on test data that no score
was found on. Written by \`npm run compare-criteria\`, with \`secateur sweep\`. Scores are found on
${CALIBRATION_SAMPLES} rows of the training data; where these matter, figures are the mean of ${SEEDS.length} draws of them with the
population deviation. Single weights are ranked over the whole network (\`--scope global\`), units within their
layer (\`--scope layer\`), all but those of the last layer, which are the classes. [Sweeps](sweep.md) says how to draw the same for a model of your own.

Figures tell these small networks, not all: which criterion is best on yours is what a sweep is for. A
difference within the interval of the network as it is, given above each table, says nothing.
`;
}

function section(network, title, criteria, sparsities, scope) {
  const sweep = swept(network, criteria, sparsities, scope);
  const { accuracy, intervals } = sweep.baseline;
  const [low, high] = [intervals.accuracy.low, intervals.accuracy.high].map(percent);
  const baseline = `The network as it is: ${percent(accuracy)} % (95 % interval ${low} to ${high}) of ${sweep.samples} samples.`;
  const used = sweep.criteria.filter(({ seeds }) => seeds.length > 0);
  const rows = used.map((curve) => [
    `\`${curve.criterion}\``,
    ...sparsities.map((_, i) => cell(curve, i)),
  ]);
  const head = ['criterion', ...sparsities.map((sparsity) => `${Math.round(sparsity * 100)} %`)];
  const left = sweep.criteria.filter(({ problem }) => problem !== undefined);
  return [
    `### ${title}\n`,
    `${baseline}\n`,
    table(head, rows),
    ...left.map(({ criterion, problem }) => `\`${criterion}\` is not in the table: ${problem}.\n`),
  ].join('\n');
}

function swept({ model, data, scale, output }, criteria, sparsities, scope) {
  const folder = keep ?? mkdtempSync(path.join(os.tmpdir(), 'compare-'));
  const out = path.join(folder, `${path.basename(model)}-${scope}.json`);
  try {
    if (existsSync(out)) return JSON.parse(readFileSync(out, 'utf8'));
    execFileSync(
      process.execPath,
      [
        ...[path.join(root, 'dist/cli.js'), 'sweep', path.join(fixtures, model)],
        ...['--criteria', criteria.join(','), '--sparsities', sparsities.join(',')],
        // Units of the last layer are the classes.
        ...(scope === 'layer' ? ['--exclude', output] : []),
        ...['--scope', scope, '--seeds', SEEDS.join(',')],
        ...['--data', path.join(fixtures, 'datasets', data), '--scale', scale, '--split', 'test'],
        ...['--calibration-split', 'train', '--calibration-sample', String(CALIBRATION_SAMPLES)],
        ...['--engine', 'tfjs', '--out', out],
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    return JSON.parse(readFileSync(out, 'utf8'));
  } finally {
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
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
