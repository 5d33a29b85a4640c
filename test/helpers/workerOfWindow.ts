import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { requiredEnvironment } from './requiredEnvironment';
import { waitFor } from './waitFor';

/** A worker process of the extension in the VS Code under test. */
export interface WorkerOfWindow {
  readonly processId: number;
  /** The extension host that started it. */
  readonly hostId: number;
}

/** The running workers of all windows of the server, by what the system lists. */
export async function listWorkers(): Promise<readonly WorkerOfWindow[]> {
  const folder = requiredEnvironment('SECATEUR_UI_DATA');
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args=']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(folder) && line.includes('dist/worker.js'))
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([processId = 0, hostId = 0]) => ({ processId, hostId }));
}

/** The worker that was started since `earlier` was listed. */
export async function findNewWorker(earlier: readonly WorkerOfWindow[]): Promise<WorkerOfWindow> {
  const known = new Set(earlier.map(({ processId }) => processId));
  return waitFor('a worker process', async () =>
    (await listWorkers()).find(({ processId }) => !known.has(processId)),
  );
}
