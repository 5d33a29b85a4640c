/** Loaders add every path they tried, on lines of their own. */
const MAX_CHARACTERS = 300;

/** The first line of what a library threw, for a sentence to the user. */
export function failureText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [line = ''] = text.trim().split('\n', 1);
  return line.length <= MAX_CHARACTERS ? line : `${line.slice(0, MAX_CHARACTERS)}…`;
}
