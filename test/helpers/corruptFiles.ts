import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FormatError } from '../../src/core/errors';
import { verifyChecksums } from '../../src/core/model/verifyChecksums';
import { unattended } from '../../src/core/progress';
import { readTensorStatistics } from '../../src/core/statistics/readTensorStatistics';
import { openModelFile } from '../../src/node/openModel';
import { fixturePath } from './fixtures';

interface Expectation {
  readonly expect: string;
}

const expectations = Object.entries(
  JSON.parse(readFileSync(fixturePath('corrupt/expect.json'), 'utf8')) as Record<
    string,
    Expectation
  >,
);

/** Reads the whole model, as inspecting does. */
export async function readAllOfCorrupt(file: string): Promise<readonly string[]> {
  const opened = await openModelFile(fixturePath('corrupt', file));
  try {
    await verifyChecksums(opened.model, unattended);
    const names: string[] = [];
    for await (const { tensor } of readTensorStatistics(opened.model, unattended)) {
      names.push(tensor.name);
    }
    return names;
  } finally {
    await opened.close();
  }
}

/**
 * Tests that the files of test/fixtures/corrupt whose names begin with one of the prefixes are refused,
 * but for the readable ones, which give exactly these tensors.
 */
export function testCorruptFiles(
  prefixes: readonly string[],
  readable: Readonly<Record<string, readonly string[]>>,
): void {
  const files = expectations.filter(([file]) => prefixes.some((prefix) => file.startsWith(prefix)));
  assert.ok(files.length > 0, 'the corpus is there');
  for (const [file, { expect }] of files) {
    const names = readable[file];
    if (names === undefined) testRefused(file, expect);
    else {
      test(`${file} is readable: ${expect}`, async () => {
        assert.deepEqual([...(await readAllOfCorrupt(file))].sort(), [...names].sort());
      });
    }
  }
}

function testRefused(file: string, expect: string): void {
  test(`${file} is refused: ${expect}`, async () => {
    await assert.rejects(readAllOfCorrupt(file), (error: unknown) => {
      assert.ok(error instanceof FormatError, String(error));
      const { format, place, found, allowed } = error.detail;
      for (const part of [format, place, found, allowed]) assert.notEqual(part, '');
      return true;
    });
  });
}
