import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { waitFor } from '../../helpers/waitFor';
import { modelIn, prunePanels, theExtension } from '../support';

describe('the extension', () => {
  it('activates and registers every command that it contributes', async () => {
    const extension = theExtension();
    await extension.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const contributed = commandsOf(extension);
    assert.ok(contributed.includes('secateur.pruneModel'));
    assert.deepEqual(
      contributed.filter((command) => !registered.has(command)),
      [],
    );
  });

  it('opens the prune panel for the model that the command is given', async () => {
    const model = await modelIn('lenet5/model.json');
    await vscode.commands.executeCommand('secateur.pruneModel', model);
    const tab = await waitFor('the panel', () => prunePanels().find((panel) => panel.isActive));
    assert.match(tab.label, /lenet5/);
    await vscode.window.tabGroups.close(tab);
    assert.deepEqual(prunePanels(), []);
  });
});

function commandsOf(extension: vscode.Extension<unknown>): string[] {
  const { contributes } = extension.packageJSON as {
    contributes: { commands: readonly { command: string }[] };
  };
  return contributes.commands.map(({ command }) => command);
}
