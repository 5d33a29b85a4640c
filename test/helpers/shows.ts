import type { Locator } from 'playwright-core';
import { waitFor } from './waitFor';

/** Enough for an evaluation on a machine that is busy with other things as well. */
const LIMIT_MS = 45_000;

/** Waits until an element holds a text; every white space counts as one space. */
export async function shows(target: Locator, text: string | RegExp): Promise<void> {
  await waitUntil(target, text, () => target.innerText());
}

/** Waits until a field holds a text as its value. */
export async function showsValue(field: Locator, text: string | RegExp): Promise<void> {
  await waitUntil(field, text, () => field.inputValue());
}

/** Waits until an attribute of an element, empty where it has none, is or matches a text. */
export async function showsAttribute(
  target: Locator,
  name: string,
  text: string | RegExp,
): Promise<void> {
  const pattern = typeof text === 'string' ? new RegExp(`^${text}$`) : text;
  await waitUntil(target, pattern, async () => (await target.getAttribute(name)) ?? '');
}

/** The text of an element with every white space as one space. */
export async function textOf(target: Locator): Promise<string> {
  return plain(await target.innerText());
}

async function waitUntil(
  target: Locator,
  text: string | RegExp,
  read: () => Promise<string>,
): Promise<void> {
  let last = 'nothing';
  const matches = async (): Promise<true | undefined> => {
    if ((await target.count()) === 0) return undefined;
    last = plain(await read());
    return (typeof text === 'string' ? last.includes(text) : text.test(last)) ? true : undefined;
  };
  const what = `${String(text)} in ${target.toString()}`;
  await waitFor(what, matches, LIMIT_MS).catch((error: unknown) => {
    throw new Error(`it holds ${JSON.stringify(last)}`, { cause: error });
  });
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
