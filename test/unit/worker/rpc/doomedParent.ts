import { ForkedServer } from '../../../../src/worker/rpc/forkedServer';
import type { TroubledRequests } from './troubledServer';

// Starts the server named on its command line, leaves a request waiting, and says the server's id.
const server = new ForkedServer<TroubledRequests, number>({
  entry: process.argv[2] ?? '',
  process: 'worker',
  cancelGraceMs: 150,
  killAfterMs: 300,
});
void server.request('wait', {});
void server.request('echo', { value: 0 }).then(() => process.send?.(server.processId));
