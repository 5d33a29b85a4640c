import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { waitFor } from '../../helpers/waitFor';
import { modelIn, prunePanels, theExtension } from '../support';

// Mocha runs the files in the order of their names: this one before anything has used the extension.
describe('before its first use', () => {
  it('the extension is not active, whatever the workspace holds', () => {
    assert.equal(theExtension().isActive, false);
  });

  it('a command with an argument activates it and touches no file', async () => {
    const model = await modelIn('lenet5/model.json');
    const before = await readFile(model.fsPath);
    await vscode.commands.executeCommand('secateur.pruneModel', model);
    assert.equal(theExtension().isActive, true);
    const tab = await waitFor('the panel', () => prunePanels().find((panel) => panel.isActive));
    await vscode.window.tabGroups.close(tab);
    assert.deepEqual(await readFile(model.fsPath), before);
  });
});
