// Every format opens in the inspector; pickles are audited and saved as safetensors without running.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { inspector, type InspectorPageParts } from '../helpers/inspectorPage';
import { openWorkbench } from '../helpers/openWorkbench';
import { prunePanel } from '../helpers/prunePanel';
import { shows, showsAttribute } from '../helpers/shows';
import {
  activityBarItem,
  contextMenu,
  editorTab,
  explorerRow,
  openFromExplorer,
  pickRow,
  quickInput,
  toast,
  treeRow,
} from '../helpers/workbench';

interface Opened {
  readonly fixture: string;
  /** How the header begins after the name. */
  readonly format: RegExp;
  readonly tensor: string;
}

const OPENED: readonly Opened[] = [
  { fixture: 'onnx/lenet5_legacy.onnx', format: /ONNX, opset 17/, tensor: 'conv1.weight' },
  { fixture: 'keras/lenet5.keras', format: /Keras 3/, tensor: 'layers/conv2d_1/vars/0' },
  {
    fixture: 'keras/resbn.weights.h5',
    format: /Keras weights/,
    tensor: 'layers/batch_normalization/vars/2',
  },
  {
    fixture: 'pytorch/digits_mlp_checkpoint.pt',
    format: /PyTorch/,
    tensor: 'model_state_dict.fc2.weight',
  },
  { fixture: 'paddle/lenet5_proto4.pdparams', format: /Paddle/, tensor: 'conv1.weight' },
  { fixture: 'numpy/iris_mlp.npz', format: /NumPy/, tensor: 'W1' },
  { fixture: 'numpy/edge_fortran.npy', format: /NumPy/, tensor: '' },
];

test('a click opens every format in the inspector', async (t) => {
  const fixtures = OPENED.map(({ fixture }) => `test/fixtures/${fixture}`);
  const { page, problems, step } = await openWorkbench(t, fixtures);
  const view = inspector(page);
  await page.setViewportSize({ width: 1600, height: 900 });
  for (const { fixture, format, tensor } of OPENED) {
    const name = path.basename(fixture);
    await step(name, async () => {
      await openFromExplorer(page, name);
      await shows(view.heading, name);
      await shows(view.header, format);
      await view.row(tensor).click();
      await shows(view.cell(tensor, 'mean'), /\d/);
      await view.cell(tensor, 'distribution').locator('svg.mini').waitFor();
      await view.histogram.waitFor({ state: 'attached' });
      await showsAttribute(view.histogram, 'd', /^M.*M/);
      await shows(view.facts, /Size [\d,]+ bytes/);
    });
  }
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

/** What the files of the fixture folder would create if anything of them ran. */
const MARKER = '/tmp/PICKLE_EXECUTED_MARKER';

test('a pickle is audited and saved as safetensors, and nothing of it runs', async (t) => {
  const { page, problems, step } = await openWorkbench(t, [
    'test/fixtures/malicious/state_with_os_system.pt',
    'test/fixtures/malicious/billion_laughs.pkl',
    'test/fixtures/pytorch/digits_mlp_checkpoint.pt',
  ]);
  const view = inspector(page);
  const audit = view.frame.getByRole('main', { name: 'Audit' });

  await step('what it would run is listed with its place, the worst first', async () => {
    await contextMenu(page, explorerRow(page, 'state_with_os_system.pt'), 'Audit Pickle File');
    await shows(audit, 'Do not load this file with Python: it would run commands');
    const [first, second] = [audit.locator('tbody tr').nth(0), audit.locator('tbody tr').nth(1)];
    await shows(first, 'Dangerous import posix.system 540');
    await shows(second, `Dangerous call posix.system("touch ${MARKER}")`);
    await view.frame.getByRole('tab', { name: 'Tensors' }).click();
    await shows(view.header, 'Untrusted pickle');
  });
  await step('one that holds no model says so and can be audited all the same', async () => {
    await contextMenu(page, explorerRow(page, 'billion_laughs.pkl'), 'Inspect Model');
    await shows(view.frame.getByRole('alert'), 'billion_laughs.pkl cannot be opened');
    await view.button('Audit Pickle').click();
    await shows(audit, /Loading this file|Do not load this file/);
  });
  await step('a harmless one is told as such', async () => {
    await openFromExplorer(page, 'digits_mlp_checkpoint.pt');
    await view.frame.getByRole('tab', { name: 'Audit' }).click();
    await shows(audit, 'Loading this file runs nothing but what tensors need');
  });
  await step('its tensors are saved beside it and opened', async () => {
    await contextMenu(page, explorerRow(page, 'digits_mlp_checkpoint.pt'), 'Save as safetensors…');
    await quickInput(page).waitFor();
    await page.keyboard.press('Enter');
    const done = await toast(page, 'digits_mlp_checkpoint.safetensors was written');
    await done.getByRole('button', { name: 'Open' }).click();
    await shows(view.heading, 'digits_mlp_checkpoint.safetensors');
    await view.row('model_state_dict.fc1.weight').waitFor();
  });
  assert.equal(existsSync(MARKER), false);
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

test('what is guessed of a layer can be said in the inspector, the panel and the Layers view', async (t) => {
  const { page, problems, step } = await openWorkbench(t, [
    'test/fixtures/safetensors/resnet.safetensors',
  ]);
  const view = inspector(page);
  await page.setViewportSize({ width: 1600, height: 900 });
  await openFromExplorer(page, 'resnet.safetensors');
  await view.row('fc.weight').click();
  await step('in the inspector', async () => {
    await shows(view.facts, 'Units 10 on axis 0, guessed');
    await chooseAxis(view, 'axis 1: 64');
    await shows(view.facts, 'Units 64 on axis 1 ');
  });
  const panel = prunePanel(page);
  await step('in the panel, which has the same recipe', async () => {
    await view.button('Prune Model…').click();
    await editorTab(page, 'Prune resnet.safetensors').waitFor();
    await panel.row('fc').click();
    await shows(panel.choiceOf('Units of fc'), 'axis 1: 64');
    await panel.frame.getByRole('combobox', { name: 'Weight layout' }).click();
    await panel.frame.getByRole('option', { name: 'Keras: units last' }).click();
    await panel.row('layer3.1.conv2').click();
    await shows(panel.choiceOf('Units of layer3.1.conv2'), 'axis 3: 3 (Keras)');
  });
  await step('and in the Layers view', async () => {
    await activityBarItem(page, 'Secateur').click();
    await chooseInTree(page);
    await panel.row('fc').click();
    await shows(panel.choiceOf('Units of fc'), 'axis 0: 10');
    await treeRow(page, 'fc').hover();
    await shows(page.locator('.monaco-hover:visible'), /Units 10 on axis 0, guessed/);
  });
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

async function chooseAxis({ frame }: InspectorPageParts, option: string): Promise<void> {
  await frame.getByRole('combobox', { name: 'Units of fc' }).click();
  await frame.getByRole('option', { name: option }).click();
}

async function chooseInTree(page: Page): Promise<void> {
  await contextMenu(page, treeRow(page, 'fc'), 'Choose Unit Axis…');
  await quickInput(page).waitFor();
  await pickRow(page, 'As guessed');
}
