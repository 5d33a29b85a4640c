import { stat } from 'node:fs/promises';

/** What of a file changes when it is written: its number, size and time of change; empty where it is absent. */
export async function fileState(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  return found === null ? '' : `${found.ino}:${found.size}:${found.mtimeMs}`;
}
