import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { UnsupportedError } from '../../../../../src/core/errors';
import { readZipDirectory } from '../../../../../src/core/formats/zip/readZipDirectory';
import { memorySource } from '../../../../../src/core/formats/memorySource';
import { unattended } from '../../../../../src/core/progress';
import { parseRecipe } from '../../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../../src/core/selection/planPrune';
import { cutsByTensor } from '../../../../../src/core/model/applyCut';
import { readFixture, temporaryFolder } from '../../../../helpers/fixtures';
import { openForTest } from '../../../../helpers/modelFixtures';
import { writeCopy } from '../../../../helpers/rewriteInPlace';
import { makeZip } from '../../../../helpers/zipArchive';

/** Arrays by their members' names; the objects are those of a fixture whose pickle would run a command. */
async function archiveOf(
  t: TestContext,
  arrays: Readonly<Record<string, string>>,
  deflated: boolean,
): Promise<string> {
  const members = await Promise.all(
    Object.entries(arrays).map(async ([name, fixture]) => {
      return { name, bytes: await readFixture(fixture), deflated };
    }),
  );
  const file = path.join(await temporaryFolder(t), 'weights.npz');
  await writeFile(file, makeZip({ members }).bytes);
  return file;
}

const OBJECTS = 'malicious/object_payload.npy';
const MIXED = { 'W1.npy': 'numpy/iris_mlp_W1.npy', 'classes.npy': OBJECTS };

for (const deflated of [false, true]) {
  const form = deflated ? 'deflated' : 'stored';
  test(`beside ${form} objects the other arrays are read, and pruned with the objects kept`, async (t) => {
    const opened = await openForTest(t, await archiveOf(t, MIXED, deflated));
    assert.deepEqual(
      opened.model.tensors.map(({ name }) => name),
      ['W1'],
    );
    const [notice] = opened.model.notices;
    assert.equal(notice?.code, 'skipped-member');
    assert.match(notice.message, /^"classes.npy" holds Python objects, stored as a pickle/);
    const plan = await planPrune(opened.model, parseRecipe({ sparsity: 0.5 }, 'test'), unattended);
    const cuts = cutsByTensor(plan.entries);
    assert.equal(cuts.size, 1);
    const written = await writeCopy(t, opened, cuts);
    assert.deepEqual(await storedBytes(written), await storedBytes(opened.path));
  });
}

/** The objects' bytes as the archive holds them. */
async function storedBytes(file: string): Promise<Buffer> {
  const bytes = await readFile(file);
  const members = await readZipDirectory(memorySource('npz', bytes), 'npz');
  const member = members.find(({ name }) => name === 'classes.npy');
  assert.ok(member);
  return bytes.subarray(member.dataOffset, member.dataOffset + member.compressedBytes);
}

test('an archive of nothing but objects is refused, and says what they are', async (t) => {
  const file = await archiveOf(t, { 'classes.npy': OBJECTS }, false);
  await assert.rejects(
    openForTest(t, file),
    (error) =>
      error instanceof UnsupportedError &&
      /found Python objects, stored as a pickle; supported/.test(error.message),
  );
});
