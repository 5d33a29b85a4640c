import type { ByteSource, ModelFiles } from '../../io';
import type { OnnxTensor } from './messages';

/** The files that hold tensors outside the main one. */
export interface ExternalFiles {
  /** In the order in which they are first named. */
  readonly sources: readonly ByteSource[];
  /** Place in the model's files (the main one is 0) by the location as it is written. */
  readonly indexByLocation: ReadonlyMap<string, number>;
}

/**
 * Opens each file that tensors name once, however often it is named.
 * @throws FormatError when a name leaves the model's folder, or a file is missing.
 */
export async function openExternalFiles(
  files: ModelFiles,
  tensors: Iterable<OnnxTensor>,
): Promise<ExternalFiles> {
  const indexByLocation = new Map<string, number>();
  const indexByName = new Map<string, number>();
  for (const { external } of tensors) {
    if (external === null || indexByLocation.has(external.location)) continue;
    const name = plainName(external.location);
    const index = indexByName.get(name) ?? indexByName.size + 1;
    indexByName.set(name, index);
    indexByLocation.set(external.location, index);
  }
  const sources = await files.openBeside([...indexByName.keys()], 'onnx');
  return { sources, indexByLocation };
}

/** `./a` and `a` are the same file. Everything suspicious stays as it is, to be refused. */
function plainName(location: string): string {
  return location.replace(/^(\.\/+)+(?=[^/])/, '');
}
