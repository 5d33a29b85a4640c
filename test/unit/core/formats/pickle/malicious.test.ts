// Loading these files in Python runs a command that makes a marker file. Here nothing may run.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { FormatError, UnsupportedError } from '../../../../../src/core/errors';
import { openModelFile } from '../../../../../src/node/openModel';
import { fixturePath } from '../../../../helpers/fixtures';
import { openFixture } from '../../../../helpers/modelFixtures';

const MARKER = '/tmp/PICKLE_EXECUTED_MARKER';
const DIGITS = ['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias', 'fc3.weight', 'fc3.bias'];

/** What each refusal names. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'bare_protocol0.pt': /posix\.system/,
  'bare_protocol4_stack_global.pdparams': /posix\.system/,
  'bare_inst_opcode.pkl': /os\.system/,
  'dotted_torch_global.pkl': /torch\.serialization\.os\.system/,
  'billion_laughs.pkl': /without any array/,
  'object_payload.npy': /Python objects/,
};

const LISTED: Readonly<Record<string, RegExp>> = {
  'state_with_os_system.pt': /posix\.system/,
  'state_with_eval_legacy.pth': /__builtin__\.eval/,
};

before(() => rmSync(MARKER, { force: true }));
after(() => assert.equal(existsSync(MARKER), false, 'nothing of any file was run'));

test('every malicious file is expected to be refused or listed', () => {
  const files = readdirSync(fixturePath('malicious')).filter((name) => name !== 'expect.json');
  assert.deepEqual(files.sort(), [...Object.keys(REFUSED), ...Object.keys(LISTED)].sort());
});

for (const [file, named] of Object.entries(REFUSED)) {
  test(`${file} is refused, and what it would run is named`, async () => {
    await assert.rejects(openModelFile(fixturePath('malicious', file)), (error: unknown) => {
      assert.ok(error instanceof FormatError || error instanceof UnsupportedError, String(error));
      assert.match(error.message, named);
      return true;
    });
  });
}

for (const [file, named] of Object.entries(LISTED)) {
  test(`${file} has its tensors listed, with a warning that names what it would run`, async (t) => {
    const { model } = await openFixture(t, 'malicious', file);
    assert.deepEqual(
      model.tensors.map(({ name }) => name),
      DIGITS,
    );
    const untrusted = model.notices.filter(({ code }) => code === 'untrusted-pickle');
    assert.match(untrusted.map(({ message }) => message).join(), named);
  });
}

test('a file of tensors alone has no warning, one of a class of its own has', async (t) => {
  const codes = async (file: string): Promise<readonly string[]> =>
    (await openFixture(t, file)).model.notices.map(({ code }) => code);
  assert.deepEqual(await codes('pytorch/digits_mlp_state.pt'), []);
  assert.deepEqual(await codes('paddle/nested_checkpoint_proto4.pdparams'), []);
  assert.deepEqual(await codes('pytorch/sequential_full_module.pt'), []);
  assert.deepEqual(await codes('pytorch/digits_mlp_full_module.pt'), ['untrusted-pickle']);
});
