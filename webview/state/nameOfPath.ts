/**
 * The name that a model is known by before it is open: the file's, or the folder's where the file is
 * the index of a model kept in several, because such files are called the same everywhere.
 */
export function nameOfPath(path: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== '');
  const file = parts.at(-1) ?? '';
  const folder = parts.at(-2);
  return file.toLowerCase().endsWith('.json') && folder !== undefined ? folder : file;
}
