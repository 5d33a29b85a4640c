import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer other than undefined.
 * @throws Error naming what did not come.
 */
export async function waitFor<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  limitMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await delay(30);
  }
}
