import { writeAtomically } from './writeAtomically';

/**
 * Writes a file whole or not at all: beside its place, synced, then renamed over what was there.
 * @throws IoError
 */
export function writeFileAtomically(file: string, bytes: Uint8Array): Promise<void> {
  return writeAtomically(file, (sink) => sink.write(0, bytes));
}
