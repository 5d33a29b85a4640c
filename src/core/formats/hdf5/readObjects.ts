import { MAX_HDF5_DEPTH, MAX_HDF5_OBJECTS } from '../../limits';
import { malformed } from './hdf5Error';
import type { MetadataReader } from './metadataReader';
import { findMessage, MessageType, type ObjectHeader, readObjectHeader } from './objectHeader';
import { isGroup, type Link, readLinks } from './readLinks';
import type { NodeHalves } from './superblock';

/** An object of the file by the first path that leads to it, without the leading slash. */
export interface FoundObject {
  readonly path: string;
  readonly kind: 'group' | 'dataset' | 'other';
  readonly header: ObjectHeader;
}

/** A link that is no object of this file. */
export interface FoundLink {
  readonly path: string;
  readonly kind: Exclude<Link['kind'], 'hard'>;
  readonly target: string;
}

/** All that can be reached from the root group, groups before what they hold. */
export interface FileObjects {
  readonly objects: readonly FoundObject[];
  readonly links: readonly FoundLink[];
}

interface Pending {
  readonly path: string;
  readonly address: number;
  readonly depth: number;
}

/**
 * Walks all groups from the root, without recursion. An object that several hard links lead to, a group
 * inside itself too, is visited once.
 * @throws FormatError
 */
export async function readObjects(
  reader: MetadataReader,
  rootAddress: number,
  halves: NodeHalves,
): Promise<FileObjects> {
  const objects: FoundObject[] = [];
  const links: FoundLink[] = [];
  const seen = new Set<number>();
  const pending: Pending[] = [{ path: '', address: rootAddress, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next.address)) continue;
    seen.add(next.address);
    if (seen.size > MAX_HDF5_OBJECTS) {
      const found = `more than ${MAX_HDF5_OBJECTS} objects`;
      throw malformed({ place: 'groups', found, allowed: 'fewer' });
    }
    const header = await readObjectHeader(reader, next.address, placeOf(next.path));
    objects.push({ path: next.path, kind: kindOf(header), header });
    if (!isGroup(header)) continue;
    const children: Pending[] = [];
    for await (const link of readLinks(reader, header, halves)) {
      const path = next.path === '' ? link.name : `${next.path}/${link.name}`;
      if (link.kind === 'hard')
        children.push({ path, address: link.address, depth: next.depth + 1 });
      else links.push({ path, kind: link.kind, target: link.target });
    }
    assertDepth(next, children);
    pending.push(...children.reverse());
  }
  return { objects, links };
}

function kindOf(header: ObjectHeader): FoundObject['kind'] {
  if (isGroup(header)) return 'group';
  return findMessage(header, MessageType.layout) === undefined ? 'other' : 'dataset';
}

function placeOf(path: string): string {
  return path === '' ? 'the root group' : JSON.stringify(path);
}

function assertDepth({ depth, path }: Pending, children: readonly Pending[]): void {
  if (depth < MAX_HDF5_DEPTH || children.length === 0) return;
  throw malformed({
    place: placeOf(path.slice(0, 200)),
    found: `groups nested more than ${MAX_HDF5_DEPTH} deep`,
    allowed: `at most ${MAX_HDF5_DEPTH}`,
  });
}
