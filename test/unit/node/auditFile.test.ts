import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import type { AuditReport } from '../../../src/core/report/audit';
import { auditFile } from '../../../src/node/auditFile';
import { secateur } from '../../helpers/commandLine';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';

const MARKER = '/tmp/PICKLE_EXECUTED_MARKER';

before(() => rmSync(MARKER, { force: true }));
after(() => assert.equal(existsSync(MARKER), false, 'nothing of any file was run'));

const PAYLOADS: Readonly<Record<string, RegExp>> = {
  'bare_inst_opcode.pkl': /run os\.system\("touch/,
  'bare_protocol0.pt': /run posix\.system\("touch/,
  'bare_protocol4_stack_global.pdparams': /run posix\.system\("touch/,
  'dotted_torch_global.pkl': /run torch\.serialization\.os\.system\("touch/,
  'object_payload.npy': /run posix\.system\("touch/,
  'state_with_eval_legacy.pth': /run __builtin__\.eval\("open/,
  'state_with_os_system.pt': /run posix\.system\("touch/,
};

for (const [file, reason] of Object.entries(PAYLOADS)) {
  test(`${file} is dangerous, and its call is shown with where it stands`, async () => {
    const report = await auditFile(fixturePath('malicious', file));
    assert.equal(report.verdict, 'dangerous');
    assert.match(report.reason, reason);
    const bad = report.pickles.flatMap(({ calls }) => calls);
    const call = bad.find(({ verdict }) => verdict === 'dangerous')!;
    assert.ok(reason.source.includes(call.whatRuns.split('(')[0]!.replaceAll('.', '\\.')));
    assert.ok(call.byteOffset > 0);
  });
}

test('a pickle that unfolds to a million million values is suspicious', async () => {
  const report = await auditFile(fixturePath('malicious/billion_laughs.pkl'));
  assert.equal(report.verdict, 'suspicious');
  assert.ok(report.pickles[0]!.unfoldsTo! > 1e11);
});

const SUSPICIOUS = ['digits_mlp_full_module.pt', 'digits_mlp_full_module_legacy.pth'];

for (const folder of ['pytorch', 'paddle']) {
  for (const file of readdirSync(fixturePath(folder))) {
    const verdict = SUSPICIOUS.includes(file) ? 'suspicious' : 'safe';
    test(`${file} is ${verdict}`, async () => {
      const report = await auditFile(fixturePath(folder, file));
      assert.equal(report.verdict, verdict, report.reason);
      assert.ok(report.pickles.every(({ broken }) => broken === undefined));
    });
  }
}

test("Paddle's eval of an array is explained, not flagged", async () => {
  const report = await auditFile(fixturePath('paddle/nested_checkpoint_proto4.pdparams'));
  const evaluated = report.pickles[0]!.globals.find(({ name }) => name === 'eval')!;
  assert.equal(evaluated.verdict, 'tensor-data');
});

/** A pickle of protocol 2 from its opcodes. */
async function auditOf(
  t: TestContext,
  ...opcodes: readonly (string | number)[]
): Promise<AuditReport> {
  const file = path.join(await temporaryFolder(t), 'made.pkl');
  const bytes = opcodes.map((one) => (typeof one === 'number' ? Buffer.of(one) : Buffer.from(one)));
  await writeFile(file, Buffer.concat([Buffer.of(0x80, 2), ...bytes]));
  return auditFile(file);
}

const ARRAY = 'cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\u0000tU\u0001btR';

test('eval in the shape of Paddle is dangerous as soon as it is used for anything else', async (t) => {
  const harmless = `c__builtin__\neval\nq\u0001(U\u0004data}U\u0004data${ARRAY}stR`;
  assert.equal((await auditOf(t, harmless, '.')).verdict, 'safe');
  const again = `${harmless}0h\u0001(U\u00021+tR.`;
  assert.equal((await auditOf(t, again)).verdict, 'dangerous');
  const passedOn = `${harmless}0h\u0001.`;
  assert.equal((await auditOf(t, passedOn)).verdict, 'dangerous');
  const other = `c__builtin__\neval\n(U\u0004dat_}U\u0004data${ARRAY}stR.`;
  assert.equal((await auditOf(t, other)).verdict, 'dangerous');
});

test('a name counts by module and name as a whole', async (t) => {
  const verdictOf = async (module: string, name: string): Promise<string> => {
    const report = await auditOf(t, `c${module}\n${name}\n.`);
    return report.pickles[0]!.globals[0]!.verdict;
  };
  assert.equal(await verdictOf('torch._utils', '_rebuild_tensor_v2'), 'tensor-data');
  assert.equal(await verdictOf('torch._utils', '_rebuild_tensor_v2.__globals__'), 'dangerous');
  assert.equal(await verdictOf('torch._utils', '_rebuild_tensor_v9'), 'unknown');
  assert.equal(await verdictOf('torch', 'FloatStorage'), 'tensor-data');
  assert.equal(await verdictOf('torch', 'hub.load'), 'dangerous');
  assert.equal(await verdictOf('torch', 'load'), 'dangerous');
  assert.equal(await verdictOf('torch.nn.modules.linear', 'Linear'), 'module-class');
  assert.equal(await verdictOf('torch.nn.modules.linear', 'os.system'), 'dangerous');
  assert.equal(await verdictOf('collections', 'OrderedDict'), 'container');
  assert.equal(await verdictOf('__builtin__', 'getattr'), 'dangerous');
  assert.equal(await verdictOf('__builtin__', 'set'), 'container');
  assert.equal(await verdictOf('code.models', 'Net'), 'unknown');
  assert.equal(await verdictOf('code', 'InteractiveConsole'), 'dangerous');
  assert.equal(await verdictOf('constructor', '__proto__'), 'unknown');
});

test('names written with escapes are read as Python reads them', async (t) => {
  // Text lines of protocol 0 as the arguments of STACK_GLOBAL.
  const report = await auditOf(t, "S'o\\x73'\nS'sys\\164em'\n", 0x93, '.');
  assert.deepEqual(
    report.pickles[0]!.globals.map(({ module, name, verdict }) => [module, name, verdict]),
    [['os', 'system', 'dangerous']],
  );
});

test('calling what a call gave, or setting attributes of a class, is never safe', async (t) => {
  const chained = await auditOf(t, 'coperator\nattrgetter\n(U\u0006systemtR(K\u0001tR.');
  assert.equal(chained.verdict, 'dangerous');
  const unknown = await auditOf(t, 'czoo\nmake\n(tR(K\u0001tR.');
  assert.equal(unknown.verdict, 'suspicious');
  const patched = await auditOf(t, 'ctorch._utils\n_rebuild_tensor\n}b.');
  assert.equal(patched.verdict, 'dangerous');
});

test('what stands before a break is reported, and a broken file is never safe', async (t) => {
  const file = path.join(await temporaryFolder(t), 'cut.pth');
  const whole = await readFile(fixturePath('malicious/state_with_eval_legacy.pth'));
  await writeFile(file, whole.subarray(0, 800));
  const report = await auditFile(file);
  assert.equal(report.pickles.length, 4);
  assert.match(report.pickles[3]!.broken!, /end of the file/);
  await writeFile(file, whole.subarray(0, 400));
  assert.equal((await auditFile(file)).verdict, 'suspicious');
});

test('audit ends with 0 whatever the verdict, and with 5 where that is asked for', async () => {
  const bad = fixturePath('malicious/bare_protocol0.pt');
  const shown = await secateur('audit', bad);
  assert.equal(shown.exitCode, 0, shown.stderr);
  assert.match(shown.stdout, /dangerous +called +posix\.system/);
  const json = await secateur('audit', bad, '--json');
  assert.equal((JSON.parse(json.stdout) as AuditReport).verdict, 'dangerous');
  const failed = await secateur('audit', bad, '--fail-on', 'suspicious', '--json');
  assert.equal(failed.exitCode, 5);
  assert.equal((JSON.parse(failed.stdout) as AuditReport).verdict, 'dangerous');
  const good = await secateur(
    'audit',
    fixturePath('pytorch/lstm_state.pt'),
    '--fail-on',
    'suspicious',
  );
  assert.equal(good.exitCode, 0, good.stderr);
  const wrong = await secateur('audit', bad, '--fail-on', 'safe');
  assert.equal(wrong.exitCode, 2);
});
