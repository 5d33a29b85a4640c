import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { readZipDirectory } from '../../../../../src/core/formats/zip/readZipDirectory';
import { cutsByTensor } from '../../../../../src/core/model/applyCut';
import { unattended } from '../../../../../src/core/progress';
import { parseRecipe } from '../../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../../src/core/selection/planPrune';
import { openFileSource } from '../../../../../src/node/fileSource';
import { fixturePath, temporaryFolder } from '../../../../helpers/fixtures';
import { openForTest } from '../../../../helpers/modelFixtures';
import { assertOpensAs, writeCopy } from '../../../../helpers/rewriteInPlace';
import { type MadeMember, makeZip } from '../../../../helpers/zipArchive';

/** The members of a fixture in a new archive, changed by the caller. */
async function repacked(
  t: TestContext,
  change: (member: MadeMember & { readonly name: string }) => readonly MadeMember[],
): Promise<string> {
  const original = fixturePath('pytorch/lstm_state.pt');
  const bytes = await readFile(original);
  const source = await openFileSource(original, 'lstm_state.pt');
  const directory = await readZipDirectory(source, 'test');
  await source.close();
  const members = directory.flatMap(({ name, dataOffset, byteLength }) =>
    change({ name, bytes: bytes.subarray(dataOffset, dataOffset + byteLength) }),
  );
  const file = path.join(await temporaryFolder(t), 'repacked.pt');
  await writeFile(file, makeZip({ members }).bytes);
  return file;
}

test('a PyTorch archive that was deflated is read and pruned', async (t) => {
  const file = await repacked(t, (member) => [{ ...member, deflated: true }]);
  const opened = await openForTest(t, file);
  const stored = await openForTest(t, fixturePath('pytorch/lstm_state.pt'));
  await assertOpensAs(t, stored.model, new Map(), file);
  const recipe = parseRecipe({ sparsity: 0.5 }, 'test');
  const cuts = cutsByTensor((await planPrune(opened.model, recipe, unattended)).entries);
  assert.equal(cuts.size, 3);
  const copy = await writeCopy(t, opened, cuts);
  await assertOpensAs(t, stored.model, cuts, copy);
});

test('a member that comes twice is refused: readers differ in which one they take', async (t) => {
  const file = await repacked(t, (member) =>
    member.name.endsWith('data.pkl') ? [member, member] : [member],
  );
  await assert.rejects(openForTest(t, file), { name: 'FormatError', message: /data\.pkl.*twice/ });
});

test('two folders with a data.pkl are refused', async (t) => {
  const file = await repacked(t, (member) =>
    member.name.endsWith('data.pkl') ? [member, { ...member, name: 'other/data.pkl' }] : [member],
  );
  await assert.rejects(openForTest(t, file), { name: 'FormatError', message: /other\/data\.pkl/ });
});

test('a byte order that is none is refused', async (t) => {
  const file = await repacked(t, (member) =>
    member.name.endsWith('byteorder') ? [{ ...member, bytes: Buffer.from('middle') }] : [member],
  );
  await assert.rejects(openForTest(t, file), { name: 'FormatError', message: /"middle"/ });
});
