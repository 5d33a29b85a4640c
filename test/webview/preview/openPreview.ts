import type { TestContext } from 'node:test';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { joinBrowser } from '../../helpers/browser';
import { collectPageProblems, type PageProblems } from '../../helpers/pageProblems';
import { requiredEnvironment } from '../../helpers/requiredEnvironment';
import { PreviewHost, type PreviewModel } from './previewHost';
import { PreviewPages } from './previewPage';

export interface OpenPreview {
  readonly page: Page;
  readonly host: PreviewHost;
  readonly problems: PageProblems;
}

/** Shows the built panel in a page of its own, without VS Code; closed when the test ends. */
export async function openPreview(
  t: TestContext,
  model: Pick<PreviewModel, 'path' | 'recipe'>,
  viewport = { width: 1280, height: 800 },
): Promise<OpenPreview> {
  const root = requiredEnvironment('SECATEUR_ROOT');
  const sources = path.join(root, 'test/webview/preview');
  const pages = new PreviewPages(path.join(root, 'dist/webview'), sources);
  await pages.start();
  const browser = await joinBrowser(requiredEnvironment('SECATEUR_UI_BROWSER'));
  const context = await browser.newContext({ viewport });
  t.after(async () => {
    await context.close();
    await browser.close();
    pages.stop();
  });
  const page = await context.newPage();
  const problems = collectPageProblems(page);
  const host = new PreviewHost(page, {
    ...model,
    path: path.join(root, 'test/fixtures', model.path),
    data: null,
    outputFolder: '',
  });
  await host.listen();
  await page.goto(pages.address('dark'));
  await host.receivedFirst('ready');
  return { page, host, problems };
}
