/**
 * Whether a layer name matches a glob: `*` is any run of characters (also `.` and `/`, which part
 * names), `?` any one. The whole name must match.
 */
export function matchesGlob(name: string, glob: string): boolean {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const pattern = escaped.replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 's').test(name);
}
