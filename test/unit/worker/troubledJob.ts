import { UnsupportedError } from '../../../src/core/errors';
import type { JobProgress, JobRequests } from '../../../src/protocol/workerJob';
import { serveParent } from '../../../src/worker/rpc/rpcServer';

// A compute child that computes nothing: the path that it is given says how it fails.
serveParent<JobRequests, JobProgress>({
  run: () => Promise.reject(new UnsupportedError({ feature: 'run', found: 'x', supported: 'y' })),
  evaluate: ({ path }, { report }) => {
    if (path === 'crash') process.kill(process.pid, 'SIGKILL');
    report({ phase: 'evaluate-before', done: process.pid, total: 0 });
    // The report goes out before the loop blocks everything, as a long kernel does.
    return new Promise((_resolve, reject) => {
      setTimeout(() => {
        const end = Date.now() + 60_000;
        while (Date.now() < end);
        reject(new Error('nobody stopped this'));
      }, 50);
    });
  },
});
