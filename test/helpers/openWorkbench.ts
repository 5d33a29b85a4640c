import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { joinBrowser, viewport } from './browser';
import { projectRoot } from './fixtures';
import { collectPageProblems, type PageProblems } from './pageProblems';
import { requiredEnvironment } from './requiredEnvironment';
import { PATIENCE_MS, waitExtensionReady } from './workbench';

/** The workbench is some megabytes of script. */
const LOAD_TIMEOUT_MS = 60_000;

/** A window of VS Code on a workspace of its own. */
export interface Workbench {
  readonly page: Page;
  /** The opened folder, absolute; removed after the test. */
  readonly workspace: string;
  readonly problems: PageProblems;
  /** Runs a part of the test under its own name; when it fails, it leaves a picture as well. */
  readonly step: (name: string, run: (step: TestContext) => Promise<void>) => Promise<void>;
}

/**
 * Opens a window in a fresh browser context and waits until the extension is known to it. When the
 * test fails, a picture of the window goes to out/screenshots.
 * @param copies files and folders of the project that are copied into the workspace by their name.
 * @param prepare puts more into the workspace before the window opens.
 */
export async function openWorkbench(
  t: TestContext,
  copies: readonly string[],
  prepare?: (workspace: string) => Promise<void>,
): Promise<Workbench> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'secateur-'));
  const workspace = await makeWorkspace(folder, copies);
  await prepare?.(workspace);
  const browser = await joinBrowser(requiredEnvironment('SECATEUR_UI_BROWSER'));
  const page = await browser.newPage({
    viewport,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  page.setDefaultTimeout(PATIENCE_MS);
  const problems = collectPageProblems(page);
  t.after(async () => {
    if (!hasPassed(t)) await saveScreenshot(page, t.name);
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });
  const query = new URLSearchParams({ folder: workspace });
  const address = `${requiredEnvironment('SECATEUR_UI_ADDRESS')}/?${query.toString()}`;
  await page.goto(address, { timeout: LOAD_TIMEOUT_MS });
  await waitExtensionReady(page);
  const step: Workbench['step'] = (name, run) =>
    t.test(name, async (part) => {
      part.after(async () => {
        if (!hasPassed(part)) await saveScreenshot(page, name);
      });
      await run(part);
    });
  return { page, workspace, problems, step };
}

/** Node tells it, from 20.12 on, but its types for that version do not know it. */
function hasPassed(t: TestContext): boolean {
  return (t as TestContext & { readonly passed: boolean }).passed;
}

async function makeWorkspace(folder: string, copies: readonly string[]): Promise<string> {
  // The workbench shows the name of the folder it opens.
  const workspace = path.join(folder, 'models');
  await mkdir(workspace);
  for (const copy of copies) {
    const target = path.join(workspace, path.basename(copy));
    await cp(path.join(projectRoot, copy), target, { recursive: true });
  }
  return workspace;
}

/** Saves what the window shows as out/screenshots/`name`.png. */
export async function saveScreenshot(page: Page, name: string): Promise<void> {
  const folder = path.join(projectRoot, 'out/screenshots');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name.replace(/\W+/g, '-')}.png`) });
}
