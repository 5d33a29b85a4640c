import path from 'node:path';
import { auditSource } from '../core/formats/pickle/auditSource';
import type { AuditReport } from '../core/report/audit';
import { compression } from './compression';
import { openFileSource } from './fileSource';

/**
 * What loading a file with Python would import and run. Nothing of it is executed.
 * @throws FormatError when the file holds nothing that Python would unpickle; IoError.
 */
export async function auditFile(file: string): Promise<AuditReport> {
  const source = await openFileSource(path.resolve(file), path.basename(file));
  try {
    return await auditSource(source, compression);
  } finally {
    await source.close();
  }
}
