import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { filesOf } from '../../helpers/modelFixtures';
import { fixturePath } from '../../helpers/fixtures';
import { isGone } from '../../helpers/isGone';
import { waitFor } from '../../helpers/waitFor';
import { inspectors, modelIn, prunePanels, workerProcesses } from '../support';

/** Half of 61,470 by magnitude over the whole model; NumPy's mask of the Keras weights, oracle keras_lenet5. */
const ZEROS_AT_HALF = 30_735;

describe('the commands', () => {
  it('Inspect Model opens the inspector, which reads the model in the worker', async () => {
    const model = await modelIn('lenet5/model.json');
    await vscode.commands.executeCommand('secateur.inspectModel', model);
    const tab = await waitFor('the inspector', () => inspectors().find((one) => one.isActive));
    assert.equal(tab.label, 'model.json');
    assert.deepEqual(prunePanels(), []);
    await waitFor('the worker', async () =>
      (await workerProcesses()).length === 1 ? true : undefined,
    );
    await vscode.window.tabGroups.close(tab);
  });

  it('Run Recipe writes what the recipe says and leaves the original as it was', async () => {
    const folder = path.dirname((await modelIn('lenet5/model.json')).fsPath);
    const recipe = path.join(folder, 'half.prune.json');
    const output = path.join(path.dirname(folder), 'half');
    await writeFile(
      recipe,
      JSON.stringify({ model: 'model.json', output: '../half', sparsity: 0.5 }),
    );
    // It ends only when its notification is closed: nobody waits for that here.
    void vscode.commands.executeCommand('secateur.runRecipe', vscode.Uri.file(recipe));
    const weights = await waitFor('the pruned weights', () =>
      readFile(path.join(output, 'weights.bin')).catch(() => undefined),
    );
    const floats = new Float32Array(weights.buffer, weights.byteOffset, weights.length / 4);
    const original = await readFile(path.join(folder, 'weights.bin'));
    assert.equal(weights.length, original.length);
    const before = new Float32Array(original.buffer, original.byteOffset, original.length / 4);
    assert.equal(zerosOf(floats) - zerosOf(before), ZEROS_AT_HALF);
    await rm(recipe);
    assert.deepEqual(await filesOf(folder), await filesOf(fixturePath('tfjs/lenet5')));
  });

  it('Restart Worker ends its process, and the next command starts another', async () => {
    const [first] = await workerProcesses();
    assert.ok(first);
    await vscode.commands.executeCommand('secateur.restartWorker');
    assert.ok(await isGone(first));
    await vscode.commands.executeCommand('secateur.inspectModel', await modelIn('half/model.json'));
    const second = await waitFor('another worker', async () => (await workerProcesses())[0]);
    assert.notEqual(second, first);
  });
});

function zerosOf(values: Float32Array): number {
  return values.filter((value) => value === 0).length;
}
