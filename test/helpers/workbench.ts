import type { FrameLocator, Locator, Page } from 'playwright-core';
import { waitFor } from './waitFor';

/** How long VS Code may take to show something: the first webview after the start takes 3 to 4 s. */
export const PATIENCE_MS = 20_000;

/** Waits until the workbench shows our activity-bar container: then our menu items are known to it. */
export async function waitExtensionReady(page: Page, containerTitle = 'Secateur'): Promise<void> {
  await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
  await activityBarItem(page, containerTitle).waitFor({ timeout: 60_000 });
}

/** The icon that opens a view container. */
export function activityBarItem(page: Page, title: string): Locator {
  return page.locator(`.activitybar a[aria-label^="${title}"]`);
}

/** A file or folder in the Explorer, by its exact name; its folder must be unfolded. */
export function explorerRow(page: Page, name: string): Locator {
  return page
    .locator('.explorer-folders-view .monaco-list-row')
    .filter({ has: page.locator('.label-name').getByText(name, { exact: true }) });
}

/**
 * Opens a file by a double click. VS Code learns of our editors a moment after it shows our activity-bar
 * item: a file that it opened as text before is closed and opened again.
 */
export async function openFromExplorer(page: Page, name: string): Promise<void> {
  const asText = page.getByText('The file is not displayed in the text editor');
  const asModel = page.locator('iframe.webview.ready:visible');
  for (let attempt = 0; attempt < 5; attempt++) {
    await explorerRow(page, name).dblclick();
    await asText.or(asModel).first().waitFor();
    if (!(await asText.isVisible())) return;
    await runCommand(page, 'View: Close All Editors');
    await asText.waitFor({ state: 'detached' });
  }
}

/** Unfolds a folder in the Explorer, which may be drawing itself anew when it is clicked. */
export async function unfoldFolder(page: Page, name: string): Promise<void> {
  const row = explorerRow(page, name);
  await row.waitFor();
  await waitFor(`${name} to unfold`, async () => {
    if ((await row.getAttribute('aria-expanded')) === 'true') return true;
    await row.click();
    await page.waitForTimeout(200);
    return undefined;
  });
}

/**
 * Right-clicks and chooses an item. VS Code builds the menu once, when it opens, with what it knows by then (that the
 * workspace is trusted, say), and ignores the mouse for its first 100 ms: hence the pause and the further attempts.
 * @throws Error when no attempt shows the item, to be chosen.
 */
export async function contextMenu(page: Page, target: Locator, item: string): Promise<void> {
  const menu = page.locator('.context-view .monaco-menu');
  const entry = page.getByRole('menuitem', { name: item, exact: true });
  for (let attempt = 0; attempt < 10; attempt++) {
    await target.click({ button: 'right' });
    await menu.waitFor();
    await page.waitForTimeout(200);
    if ((await entry.count()) > 0 && (await entry.isEnabled())) {
      await entry.click();
      if (await disappears(menu)) return;
    }
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    await page.waitForTimeout(attempt * 100);
  }
  throw new Error(`the context menu does not offer "${item}"`);
}

function disappears(locator: Locator): Promise<boolean> {
  return locator.waitFor({ state: 'hidden', timeout: 2000 }).then(
    () => true,
    () => false,
  );
}

/** Runs a command from the palette by its full title, e.g. `Secateur: Show Log`. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await openPalette(page);
  await quickInput(page).fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor();
  await page.keyboard.press('Enter');
}

/** A dialog that is just closing may take the palette with it: hence the further attempts. */
async function openPalette(page: Page): Promise<void> {
  const palette = page.getByPlaceholder('Type the name of a command to run.');
  await waitFor('the palette', async () => {
    await page.keyboard.press('F1');
    await page.waitForTimeout(200);
    return (await palette.isVisible()) ? true : undefined;
  });
}

/** The text field of the open quick pick or input box. */
export function quickInput(page: Page): Locator {
  return page.locator('.quick-input-widget:visible input.input');
}

/** Chooses a row of the open quick pick by a part of its text. */
export async function pickRow(page: Page, text: string): Promise<void> {
  await page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click();
}

/** The document of the visible webview; hidden ones that are retained stay in the page. */
export function webviewFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
}

/** The notification that holds the given text, once it is shown. */
export async function toast(page: Page, text: string | RegExp): Promise<Locator> {
  const item = page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  await item.first().waitFor({ timeout: PATIENCE_MS });
  return item.first();
}

/** Rows of the tree views in the visible side bar, from top to bottom. */
export function treeRows(page: Page): Locator {
  return page.locator('.sidebar .pane-body .monaco-list-row');
}

/** The row of a tree view with the given label. */
export function treeRow(page: Page, label: string): Locator {
  return treeRows(page).filter({
    has: page.locator('.label-name').getByText(label, { exact: true }),
  });
}

/** The tab of an open editor, by its exact title. */
export function editorTab(page: Page, title: string): Locator {
  return page.locator('.tabs-container .tab').filter({
    has: page.locator('.label-name').getByText(title, { exact: true }),
  });
}
