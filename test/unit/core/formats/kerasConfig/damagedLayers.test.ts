// Every family of layers and operations with damaged settings and calls.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { FormatError } from '../../../../../src/core/errors';
import { memorySource } from '../../../../../src/core/formats/memorySource';
import { readKerasTopology } from '../../../../../src/core/formats/kerasConfig/readKerasTopology';
import { readZipDirectory } from '../../../../../src/core/formats/zip/readZipDirectory';
import type { TensorEntry } from '../../../../../src/core/model/model';
import { readFixture } from '../../../../helpers/fixtures';
import { openFixture } from '../../../../helpers/modelFixtures';

const DAMAGES = [null, -1, 0, 1e9, 2 ** 53, 0.5, 'x', [], {}, true];
/** Damaged configurations of one family, spread over all places. */
const TRIES = 700;

/** Families with weights take them, under names that tell the layer, from the `.h5` file. */
const FAMILIES: readonly (readonly [family: string, hasWeights: boolean])[] = [
  ['attention', true],
  ['bidirectional', true],
  ['operations', false],
  ['merging', false],
  ['rearranging', false],
  ['categories', false],
];

for (const [family, hasWeights] of FAMILIES) {
  test(`answers damage to the configuration of ${family} with a graph or a FormatError`, async (t) => {
    const config = await configOf(family);
    const tensors = hasWeights ? await tensorsOf(t, family) : [];
    assert.notEqual(readKerasTopology(config, tensors).graph, null);
    const paths = pathsOf(config).filter((path) => !path.includes('build_config'));
    const step = stepThrough(paths.length * DAMAGES.length);
    let answered = 0;
    for (let at = 0; at < paths.length * DAMAGES.length; at += step) {
      const path = paths[Math.floor(at / DAMAGES.length)]!;
      const damaged = withDamage(config, path, DAMAGES[at % DAMAGES.length]);
      try {
        readKerasTopology(damaged, tensors);
      } catch (error) {
        assert.ok(error instanceof FormatError, `${path.join('.')}: ${String(error)}`);
      }
      answered++;
    }
    assert.ok(answered >= TRIES / 2, `${answered} answered`);
  });
}

/** Without a factor that the number of damages has, too: else some of them would never be tried. */
function stepThrough(count: number): number {
  let step = Math.max(1, Math.floor(count / TRIES));
  while (step % 2 === 0 || step % 5 === 0) step++;
  return step;
}

async function configOf(family: string): Promise<object> {
  const bytes = await readFixture('keras', 'layers', `${family}.keras`);
  const members = await readZipDirectory(memorySource(family, new Uint8Array(bytes)), 'keras');
  const { dataOffset, byteLength } = members.find(({ name }) => name === 'config.json')!;
  const text = bytes.subarray(dataOffset, dataOffset + byteLength).toString('utf8');
  return { ...(JSON.parse(text) as object), keras_version: '3.15.1' };
}

async function tensorsOf(t: TestContext, family: string): Promise<readonly TensorEntry[]> {
  const { model } = await openFixture(t, 'keras', 'layers', `${family}.h5`);
  return model.tensors;
}

function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function withDamage(value: unknown, [key, ...rest]: readonly string[], damage: unknown): unknown {
  if (key === undefined) return damage;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const entries = copy as Record<string, unknown>;
  entries[key] = withDamage(entries[key], rest, damage);
  return copy;
}
