import { readdir } from 'node:fs/promises';
import { fixturePath, readOracle, viewOracles } from '../fixtures';
import { LEFT_OUT } from './leftOut';

/** What was read of the oracles since {@link watchOracles}: paths of figures, or of arrays of them. */
const read = new Set<string>();

/** Notes from now on which figures of oracles are read. */
export function watchOracles(): void {
  viewOracles((name, oracle) => watched(oracle, name));
}

/**
 * Figures of test/fixtures/oracles/pruning that nothing has read, and that {@link LEFT_OUT} does not name: their
 * paths, parted by slashes.
 */
export async function unreadFigures(): Promise<readonly string[]> {
  viewOracles((_, oracle) => oracle);
  const files = await readdir(fixturePath('oracles/pruning'));
  const names = files.filter((name) => name.endsWith('.json')).sort();
  const found: string[] = [];
  for (const file of names) {
    const name = `pruning/${file.replace(/\.json$/, '')}`;
    collectFigures(await readOracle(name), name, found);
  }
  return found.filter(
    (path) => !read.has(path) && !LEFT_OUT.some(({ pattern }) => pattern.test(path)),
  );
}

/** The same value; what is read of it is noted. */
function watched(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key): unknown {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol' || typeof inner === 'function') return inner;
      if (Array.isArray(target) && key === 'length') return inner;
      const isInner = typeof inner === 'object' && inner !== null;
      if (isInner) return watched(inner, `${path}/${key}`);
      read.add(Array.isArray(target) ? path : `${path}/${key}`);
      return inner;
    },
  });
}

/** Paths of numbers, of arrays of them, and of masks; other texts and flags are words about them. */
function collectFigures(value: unknown, path: string, found: string[]): void {
  const isFigure = typeof value === 'number' || path.endsWith('/mask_sha256');
  if (isFigure || (Array.isArray(value) && typeof value[0] === 'number')) {
    found.push(path);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      collectFigures(inner, `${path}/${key}`, found);
    }
  }
}
