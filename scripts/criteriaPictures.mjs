// node scripts/criteriaPictures.mjs [CRITERION …]: draws how the scores of every criterion are spread on a small network
// of the fixtures (LeNet-5 on 128 MNIST digits; where a normalization is needed, a ResNet) into
// docs/images/criteria/, from what `secateur scores` writes. LOOK at them before they are committed.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadTypeScript } from './bundle.mjs';
import { installIfStale, root } from './install.mjs';

const folder = path.join(root, 'docs/images/criteria');
const WIDTH = 640;
const HEIGHT = 170;
const MARGIN = { left: 12, right: 12, top: 26, bottom: 34 };
const BINS = 64;
/** Smaller shares of the largest score fall into the first bin; on either side of zero, into the two in the middle. */
const DECADES = 8;
const SIGNED_DECADES = 5;
/** Scores half of which are above this share of the largest are drawn on an even scale. */
const EVEN_SHARE = 0.1;
const DATA = {
  file: path.join(root, 'test/fixtures/datasets/mnist.npz'),
  split: 'train',
  rows: [0, 128],
  scale: 1 / 255,
  loss: 'ce-logits',
};

installIfStale(root);
process.env.SECATEUR_ROOT = root;
const { CRITERIA } = await loadTypeScript('src/core/criteria/criterion.ts');
const { scoresOf } = await loadTypeScript('test/helpers/criteria/commands.ts');
const wanted = process.argv.slice(2);
await mkdir(folder, { recursive: true });
for (const criterion of CRITERIA) {
  if (wanted.length > 0 && !wanted.includes(criterion)) continue;
  const fixture =
    criterion === 'bn-scale' ? 'onnx/resnet_bn_unfolded.onnx' : 'onnx/lenet5_legacy.onnx';
  const arrays = await scoresOf(fixture, { criterion, data: DATA });
  const scores = [...arrays.values()].flatMap(({ values }) => Array.from(values));
  const network = criterion === 'bn-scale' ? 'ResNet' : 'LeNet-5';
  await writeFile(path.join(folder, `${criterion}.svg`), pictureOf(criterion, network, scores));
  console.log(`${criterion}: ${scores.length} scores`);
}

function pictureOf(criterion, network, scores) {
  const finite = scores.filter(Number.isFinite).sort((a, b) => a - b);
  const scale = scaleFor(finite);
  const counts = new Array(BINS).fill(0);
  for (const score of finite)
    counts[Math.min(BINS - 1, Math.floor(scale.place(score) * BINS))] += 1;
  // What is zero, or next to it, would hide the rest: those bars are cut.
  const most = Math.max(1, ...counts.filter((_, i) => !scale.cut.includes(i)));
  const inner = {
    width: WIDTH - MARGIN.left - MARGIN.right,
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  const base = MARGIN.top + inner.height;
  const step = inner.width / BINS;
  const half = MARGIN.left + scale.place(finite[Math.ceil(finite.length / 2) - 1]) * inner.width;
  const bars = counts.map((count, i) => {
    const height = round(Math.min(1, count / most) * inner.height);
    const x = round(MARGIN.left + i * step);
    return height === 0
      ? ''
      : `<rect x="${x}" y="${round(base - height)}" width="${round(step - 1)}" height="${height}" fill="${x < half ? '#9aa5ad' : '#1f7a4d'}"/>`;
  });
  const labels = scale.labels.map(
    ({ at, text }) =>
      `<text x="${round(MARGIN.left + at * inner.width)}" y="${base + 16}" text-anchor="${at === 0 ? 'start' : at === 1 ? 'end' : 'middle'}">${text}</text>`,
  );
  const title = `${criterion}: ${finite.length.toLocaleString('en')} scores of ${network}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}; the lower half is grey">
<rect width="100%" height="100%" fill="#ffffff"/>
<g font-family="sans-serif" font-size="12" fill="#24292f">
<text x="${MARGIN.left}" y="16">${title}</text>
${bars.filter((bar) => bar !== '').join('\n')}
<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${base}" y2="${base}" stroke="#57606a"/>
<line x1="${round(half)}" x2="${round(half)}" y1="${MARGIN.top - 4}" y2="${base}" stroke="#b3261e" stroke-dasharray="4 3"/>
${labels.join('\n')}
<text x="${WIDTH / 2}" y="${HEIGHT - 4}" text-anchor="middle">${scale.title}</text>
</g>
</svg>
`;
}

function scaleFor(sorted) {
  if (sorted[0] < 0) return signedScale(sorted);
  const half = sorted[Math.ceil(sorted.length / 2) - 1];
  return half > EVEN_SHARE * sorted.at(-1) ? evenScale(sorted) : logScale(sorted);
}

/** From the smallest to the largest. */
function evenScale(sorted) {
  const [low, high] = [sorted[0], sorted.at(-1)];
  const digits = low.toPrecision(2) === high.toPrecision(2) ? 4 : 2;
  return {
    title: 'score',
    cut: low === 0 ? [0] : [],
    place: (score) => (score - low) / (high - low || 1),
    labels: [
      { at: 0, text: low === 0 ? '0' : low.toPrecision(digits) },
      { at: 1, text: high.toPrecision(digits) },
    ],
  };
}

/** In powers of ten below the largest; zeros stand with the smallest. */
function logScale(sorted) {
  const high = sorted.at(-1) || 1;
  const smallest = sorted.find((score) => score > 0) ?? high;
  const decades = Math.max(0.1, Math.min(DECADES, Math.log10(high / smallest)));
  return {
    title: 'score (powers of ten; zeros stand at the left)',
    cut: [0],
    place: (score) => (score <= 0 ? 0 : Math.max(0, 1 + Math.log10(score / high) / decades)),
    labels: [
      { at: 0, text: (high * 10 ** -decades).toExponential(1) },
      { at: 1, text: high.toExponential(1) },
    ],
  };
}

/** In powers of ten on either side of zero, which stands in the middle. */
function signedScale(sorted) {
  const high = Math.max(-sorted[0], sorted.at(-1)) || 1;
  const share = (size) => Math.max(0, 1 + Math.log10(size / high) / SIGNED_DECADES);
  return {
    title: 'score (powers of ten on either side of zero)',
    cut: [BINS / 2 - 1, BINS / 2],
    place: (score) => (score === 0 ? 0.5 : (1 + Math.sign(score) * share(Math.abs(score))) / 2),
    labels: [
      { at: 0, text: (-high).toExponential(1) },
      { at: 0.5, text: '0' },
      { at: 1, text: high.toExponential(1) },
    ],
  };
}

function round(value) {
  return Math.round(value * 100) / 100;
}
