import { workerHandlers } from './handlers';
import { serveParent } from './rpc/rpcServer';

// Entry of the worker process, of which a window has one; it ends with its parent's channel.
serveParent(workerHandlers());
