// node scripts/describeOperators.mjs [--check]: measures every operator against its definition and writes
// docs/operators.md; with --check it only says whether the file is as it would be written.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import { loadTypeScript } from './bundle.mjs';
import { root } from './install.mjs';

/** Where the readers of each format make nodes. */
const READERS = {
  ONNX: ['src/core/formats/onnx', 'src/core/graph/lowering'],
  Keras: ['src/core/formats/kerasConfig', 'src/core/formats/keras'],
  'TF.js': ['src/core/formats/kerasConfig', 'src/core/formats/tfjs'],
};

/** What all readers write nodes with. */
const SHARED = readFileSync(path.join(root, 'src/core/graph/nodeWriter.ts'), 'utf8');

const sources = Object.entries(READERS).map(([format, folders]) => [
  format,
  [SHARED, ...folders.flatMap(readSources)].join('\n'),
]);

const formatsOf = (kind) =>
  sources.filter(([, text]) => text.includes(`kind: '${kind}'`)).map(([format]) => format);

const { describeOperators } = await loadTypeScript('test/conformance/describeOperators.ts');
const { engine, table } = await describeOperators(formatsOf);
const file = path.join(root, 'docs/operators.md');
const text = await prettier.format(document(engine, table), {
  ...(await prettier.resolveConfig(file)),
  parser: 'markdown',
});
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/operators.md is not up to date: node scripts/describeOperators.mjs');
  process.exit(1);
}

function readSources(folder) {
  return readdirSync(path.join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(path.join(root, folder, name), 'utf8'));
}

function document(engineName, operatorTable) {
  return `# Operators

Every format's graph is read into these operators; what a file has beyond them is shown and pruned by weight,
and named where it would have to be run. Attributes, inputs and outputs of each are described in
\`src/core/graph/operators\`.

Each operator is run on random shapes and attributes (${engineName}) and compared with its definition, written as
plain loops in double precision (\`src/engines/reference\`):

- **forward**: the largest difference, relative to the largest value of the output or 1. It may be 1e-5, and 1e-4 for
  recurrent layers; integers and bools must be the same.
- **derivative**: of directional derivatives with respect to each float input, the gradient of the engine against the
  central difference of the definition, relative. It may be 1e-3. \`none\`: the operator gives no floats, or takes none.

Differences are rounded up to a power of ten. Written by \`node scripts/describeOperators.mjs\`.

${operatorTable}
`;
}
