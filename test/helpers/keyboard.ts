import type { Locator, Page } from 'playwright-core';

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

/** Whether the focus is on an element, in it, or in its shadow. */
export function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element.matches(':focus, :focus-within'));
}
