import type { Locator, Page } from 'playwright-core';
import { waitFor } from './waitFor';

/** More parts than any page of ours has. */
const MOST_STEPS = 60;

/**
 * Presses a key until an element has the focus.
 * @throws Error when it never gets it.
 */
export async function pressUntilFocused(page: Page, key: string, target: Locator): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step++) {
    await page.keyboard.press(key);
    if (await hasFocus(target)) return;
  }
  throw new Error(`${key} does not lead to ${target.toString()}`);
}

/**
 * Types over the text of the focused field. Not by Ctrl+A: VS Code selects all in a webview a second
 * time, some moments after the key, and so amid what is typed.
 */
export async function replaceText(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type(text);
}

/** Waits until the focus is on an element, in it, or in its shadow. */
export async function waitForFocus(target: Locator): Promise<void> {
  const what = `the focus on ${target.toString()}`;
  await waitFor(what, async () => ((await hasFocus(target)) ? true : undefined));
}

function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element.matches(':focus, :focus-within'));
}
