import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { projectRoot } from '../../helpers/fixtures';

type Strings = Readonly<Record<string, string>>;

async function readText(file: string): Promise<string> {
  return readFile(path.join(projectRoot, file), 'utf8');
}

async function readStrings(file: string): Promise<Strings> {
  return JSON.parse(await readText(file)) as Strings;
}

/** `{0}`, `{1}`, … and the addresses of commands: what a translation has to keep. */
function fixedParts(text: string): string[] {
  return [...text.matchAll(/\{\d+\}|\(command:[\w.]+\)/gu)].map(([part]) => part).sort();
}

function assertTranslates(english: Strings, translated: Strings): void {
  assert.deepEqual(Object.keys(translated).sort(), Object.keys(english).sort());
  for (const [key, text] of Object.entries(translated)) {
    assert.deepEqual(fixedParts(text), fixedParts(english[key] ?? ''), key);
    assert.notEqual(text.trim(), '', key);
  }
}

test('the bundle holds the strings of the sources, no more and no less', async () => {
  const script = path.join(projectRoot, 'scripts/exportStrings.mjs');
  await promisify(execFile)(process.execPath, [script, '--check']);
});

test('Chinese has every string of the host and the panel, with the same placeholders', async () => {
  const english = await readStrings('l10n/bundle.l10n.json');
  assertTranslates(english, await readStrings('l10n/bundle.l10n.zh-cn.json'));
});

test('Chinese has every string of package.json, and each of them is used', async () => {
  const english = await readStrings('package.nls.json');
  assertTranslates(english, await readStrings('package.nls.zh-cn.json'));
  const manifest = await readText('package.json');
  const used = [...manifest.matchAll(/"%(?<key>[\w.]+)%"/gu)].map((match) => match.groups?.['key']);
  assert.deepEqual([...new Set(used)].sort(), Object.keys(english).sort());
});
