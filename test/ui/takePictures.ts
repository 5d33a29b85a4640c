import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { projectRoot } from '../helpers/fixtures';
import { inspector } from '../helpers/inspectorPage';
import { prunePanel, type PrunePanelPage } from '../helpers/prunePanel';
import { shows, showsValue } from '../helpers/shows';
import {
  activityBarItem,
  contextMenu,
  editorTab,
  explorerRow,
  openFromExplorer,
  quickInput,
  runCommand,
  treeRow,
  unfoldFolder,
  waitExtensionReady,
} from '../helpers/workbench';

const SIZE = { width: 1440, height: 900 };
/** Beside the activity bar this leaves 420 pixels for the panel. */
const NARROW = { width: 480, height: 900 };

/** What the samples do not have: a model of many tensors, and a pickle that would run a command. */
const FIXTURES = ['onnx/mobilenet_bn_unfolded.onnx', 'malicious/state_with_os_system.pt'];

type Clip = NonNullable<Parameters<Page['screenshot']>[0]>['clip'];

interface Camera {
  readonly page: Page;
  readonly panel: PrunePanelPage;
  readonly take: (name: string, clip?: Clip) => Promise<void>;
}

/** Goes through the first journey on the samples and takes the pictures of README and docs/. */
export async function takePictures(browser: Browser, url: string, folder: string): Promise<void> {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'secateur-'));
  const workspace = path.join(parent, 'samples');
  await cp(path.join(projectRoot, 'samples'), workspace, { recursive: true });
  for (const fixture of FIXTURES) {
    const target = path.join(workspace, 'models', path.basename(fixture));
    await cp(path.join(projectRoot, 'test/fixtures', fixture), target);
  }
  await mkdir(folder, { recursive: true });
  const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 1 });
  try {
    await page.goto(`${url}/?${new URLSearchParams({ folder: workspace }).toString()}`);
    await waitExtensionReady(page);
    const take: Camera['take'] = async (name, clip) => {
      await page.mouse.move(SIZE.width - 1, SIZE.height - 1);
      await page.waitForTimeout(700);
      await page.screenshot({
        path: path.join(folder, `${name}.png`),
        ...(clip === undefined ? {} : { clip }),
      });
    };
    await journey({ page, panel: prunePanel(page), take });
  } finally {
    await page.close();
    await rm(parent, { recursive: true, force: true });
  }
}

async function journey(camera: Camera): Promise<void> {
  await takeInspector(camera);
  await takeAudit(camera);
  await takeContextMenu(camera);
  await takePanel(camera);
  await takeNarrowPanel(camera);
  await takeComparison(camera);
  await takeResult(camera);
  await takeLayersView(camera);
}

/** The tensors of a model, the largest first, in a dark and a light theme. */
async function takeInspector({ page, take }: Camera): Promise<void> {
  const view = inspector(page);
  await unfoldFolder(page, 'models');
  await openFromExplorer(page, 'mobilenet_bn_unfolded.onnx');
  await shows(view.header, 'No NaN or infinite values');
  await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
  await view.columnHeader('Elements').click();
  await view.rows.nth(1).click();
  await view.table.focus();
  await take('inspector');
  await setTheme(page, 'Light Modern');
  await take('inspector-light');
  await setTheme(page, 'Dark Modern');
  await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
}

async function takeAudit({ page, take }: Camera): Promise<void> {
  await contextMenu(page, explorerRow(page, 'state_with_os_system.pt'), 'Audit Pickle File');
  const { frame } = inspector(page);
  await shows(frame.getByRole('main', { name: 'Audit' }), 'Do not load this file with Python');
  await take('audit');
  await runCommand(page, 'View: Close All Editors');
}

async function takeContextMenu({ page, take }: Camera): Promise<void> {
  await unfoldFolder(page, 'mnist');
  await unfoldFolder(page, 'lenet5');
  await explorerRow(page, 'model.json').click({ button: 'right' });
  const item = page.getByRole('menuitem', { name: 'Prune Model…', exact: true });
  await item.waitFor();
  for (let step = 0; step < 30; step++) {
    await page.keyboard.press('ArrowDown');
    if (await item.evaluate((element) => element.closest('.focused') !== null)) break;
  }
  await take('context-menu', { x: 0, y: 30, width: 640, height: 540 });
  await page.keyboard.press('Escape');
  await contextMenu(page, explorerRow(page, 'model.json'), 'Prune Model…');
}

/** A plan with one layer of its own and one that is locked, evaluated, in three themes. */
async function takePanel({ page, panel, take }: Camera): Promise<void> {
  await editorTab(page, 'Prune lenet5').waitFor();
  await showsValue(panel.sparsityField, '80 %');
  await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
  await panel.row('fc3').click();
  await page.keyboard.press('l');
  await panel.row('conv2').click();
  const threshold = panel.frame.locator('#field-layerThreshold input');
  await threshold.fill('0.05');
  await threshold.press('Enter');
  await shows(panel.overrideOf('conv2'), '≤ 0.05');
  await panel.button('Evaluate Plan').click();
  await shows(panel.measure('Accuracy'), 'of 1,000');
  await panel.row('conv2').click();
  await take('prune-panel');
  await setTheme(page, 'Light Modern');
  await take('prune-panel-light');
  await setTheme(page, 'Dark High Contrast');
  await take('prune-panel-high-contrast');
  await setTheme(page, 'Dark Modern');
}

async function setTheme(page: Page, theme: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Control+t');
  await quickInput(page).fill(theme);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: theme }).waitFor();
  await page.keyboard.press('Enter');
  await quickInput(page).waitFor({ state: 'detached' });
}

async function takeNarrowPanel({ page, take }: Camera): Promise<void> {
  await page.setViewportSize(NARROW);
  await take('prune-panel-narrow');
  await page.setViewportSize(SIZE);
}

/** Criteria over the sparsities at which they begin to differ. */
async function takeComparison({ panel, take }: Camera): Promise<void> {
  await panel.button('Compare criteria').click();
  for (const [name, share] of [
    ['Lowest sparsity', '60'],
    ['Highest sparsity', '98'],
    ['Step between sparsities', '4'],
  ] as const) {
    const field = panel.frame.getByRole('textbox', { name });
    await field.fill(share);
    await field.press('Enter');
  }
  await panel.button('Compare').click();
  await panel.button('Use Best').waitFor({ timeout: 300_000 });
  await panel.button('Measure Sensitivity').click();
  await panel.button('Use as Budgets').waitFor({ timeout: 300_000 });
  await take('compare');
  await panel.button('Back to Plan').click();
}

async function takeResult({ panel, take }: Camera): Promise<void> {
  await panel.button('Prune').click();
  await shows(panel.heading, 'lenet5.pruned');
  await take('result');
  await panel.button('Back to Plan').click();
}

async function takeLayersView({ page, take }: Camera): Promise<void> {
  await activityBarItem(page, 'Secateur').click();
  await treeRow(page, 'fc1').click();
  await take('layers-view');
}
