import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorkbench } from '../helpers/openWorkbench';
import { contextMenu, editorTab, explorerRow, webviewFrame } from '../helpers/workbench';

test('the Explorer opens the prune panel, and the panel keeps its content security policy', async (t) => {
  const { page, problems } = await openWorkbench(t, ['test/fixtures/tfjs/lenet5']);
  await explorerRow(page, 'lenet5').click();
  await contextMenu(page, explorerRow(page, 'model.json'), 'Prune Model…');
  await editorTab(page, 'Prune lenet5').waitFor();
  await webviewFrame(page).getByText('conv1').first().waitFor();
  assert.deepEqual(problems.cspViolations, []);
});
