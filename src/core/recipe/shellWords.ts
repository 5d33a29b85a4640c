/** Words as a POSIX shell takes them: those that it would take apart or expand are quoted. */
export function shellWords(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

/** An option with its value; in one word where the value would be taken for an option itself. */
export function optionWords(name: string, value: string): readonly string[] {
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
