// What axe-core 4.14.1 finds in the pages: none of its violations, in the themes of VS Code.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { joinBrowser } from '../helpers/browser';
import { requiredEnvironment } from '../helpers/requiredEnvironment';
import { InspectorHost } from '../webview/preview/inspectorHost';
import { PreviewHost } from '../webview/preview/previewHost';
import { PreviewPages, type PreviewEntry, type PreviewTheme } from '../webview/preview/previewPage';
import { sensitivityFixture, sweepFixture } from '../webview/preview/sweepFixture';

const THEMES: readonly PreviewTheme[] = ['dark', 'light', 'hc'];

/** The part of axe's interface that is used. */
interface Axe {
  run(
    context: Document,
    options: object,
  ): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly help: string;
      readonly nodes: readonly { readonly html: string; readonly target: readonly string[] }[];
    }[];
  }>;
}

const root = requiredEnvironment('SECATEUR_ROOT');

function fixture(name: string): string {
  return path.join(root, 'test/fixtures', name);
}

/** Shows a page of ours under a theme; closed when the test ends. */
async function open(
  t: TestContext,
  theme: PreviewTheme,
  entry: PreviewEntry,
): Promise<{ readonly page: Page; readonly show: () => Promise<unknown> }> {
  const sources = path.join(root, 'test/webview/preview');
  const pages = new PreviewPages(path.join(root, 'dist/webview'), sources);
  await pages.start();
  const browser = await joinBrowser(requiredEnvironment('SECATEUR_UI_BROWSER'));
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  t.after(async () => {
    await context.close();
    await browser.close();
    pages.stop();
  });
  const page = await context.newPage();
  return { page, show: () => page.goto(pages.address(theme, 'en', entry)) };
}

/** Each violation with the first elements that have it. */
async function violations(page: Page): Promise<readonly string[]> {
  const source = await readFile(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { readonly axe: Axe };
    const { violations: found } = await axe.run(document, { resultTypes: ['violations'] });
    // A grid scrolls by its own keys, which it takes itself: its list is no stop of its own.
    const isOfGrid = (target: string): boolean =>
      document.querySelector(target)?.closest('[role="grid"][tabindex="0"]') !== null;
    const others = found.filter(
      ({ id, nodes }) =>
        id !== 'scrollable-region-focusable' ||
        !nodes.every(({ target }) => isOfGrid(target.join(' '))),
    );
    return others.map(({ id, help, nodes }) => {
      const places = nodes.slice(0, 4).map(({ html }) => html.slice(0, 160));
      return `${id}: ${help}\n  ${places.join('\n  ')}`;
    });
  });
}

for (const theme of THEMES) {
  test(`the panel has no violation in its states, theme ${theme}`, async (t) => {
    const { page, show } = await open(t, theme, 'panel');
    const host = new PreviewHost(page, {
      path: fixture('tfjs/lenet5/model.json'),
      data: fixture('datasets/mnist.npz'),
      recipe: { criterion: 'l1-norm', granularity: 'unit' },
      outputFolder: '',
    });
    await host.listen();
    await show();
    await host.open();
    await page.locator('[data-layer="fc1"]').click();
    await page.locator('.legend.units').waitFor();
    assert.deepEqual(await violations(page), [], 'units of a layer');
    await page.getByRole('button', { name: 'Show as table' }).first().click();
    await page.getByRole('button', { name: /^More options/ }).click();
    assert.deepEqual(await violations(page), [], 'tables, and all options');
    await page.getByRole('button', { name: 'Compare criteria' }).click();
    await host.say({ type: 'sweep', sweep: sweepFixture(2) });
    await host.say({ type: 'sensitivity', result: sensitivityFixture(), revision: 2 });
    await page.getByRole('button', { name: 'Use Best' }).waitFor();
    assert.deepEqual(await violations(page), [], 'the comparison');
  });

  test(`the inspector has no violation, theme ${theme}`, async (t) => {
    const { page, show } = await open(t, theme, 'inspector');
    const host = new InspectorHost(page, fixture('onnx/mobilenet_bn_unfolded.onnx'));
    await host.listen();
    await show();
    await host.open();
    await page.getByRole('row').nth(3).click();
    assert.deepEqual(await violations(page), []);
  });
}
