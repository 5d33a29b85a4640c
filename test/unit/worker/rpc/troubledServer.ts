import {
  BoundError,
  CancelledError,
  FormatError,
  IoError,
  UnsupportedError,
  UsageError,
} from '../../../../src/core/errors';
import { serveParent } from '../../../../src/worker/rpc/rpcServer';

/** What the server of these tests can be asked: mostly to fail in some way. */
export interface TroubledRequests {
  readonly echo: { readonly params: { readonly value: unknown }; readonly result: unknown };
  readonly count: { readonly params: { readonly to: number }; readonly result: number };
  readonly fail: { readonly params: { readonly kind: string }; readonly result: never };
  /** Answers only to its signal. */
  readonly wait: { readonly params: object; readonly result: never };
  /** Looks at no signal and yields to nobody. */
  readonly spin: { readonly params: { readonly durationMs: number }; readonly result: number };
  readonly exit: { readonly params: { readonly code: number }; readonly result: never };
  readonly throwOutside: { readonly params: object; readonly result: never };
  readonly exhaustMemory: { readonly params: object; readonly result: never };
  readonly disconnect: { readonly params: object; readonly result: never };
  readonly environment: {
    readonly params: object;
    readonly result: { readonly electronRunAsNode: string | null; readonly execArgv: string[] };
  };
}

const ERRORS: Readonly<Record<string, Error>> = {
  usage: new UsageError('sparsity: found 2; allowed: 0 to 1'),
  format: new FormatError({
    format: 'npz',
    place: 'header',
    found: '3',
    allowed: '1 or 2',
    byteOffset: 8,
  }),
  unsupported: new UnsupportedError({ feature: 'zip', found: 'LZMA', supported: 'deflate' }),
  bound: new BoundError('accuracy fell by 0.1; allowed: 0.01'),
  io: new IoError('ENOSPC', 'the disk is full'),
  cancelled: new CancelledError(),
  internal: new TypeError('undefined is not a function'),
};

const never = (): Promise<never> => new Promise<never>(() => undefined);

serveParent<TroubledRequests, number>({
  echo: ({ value }) => Promise.resolve(value),
  count: ({ to }, { report }) => {
    for (let step = 1; step <= to; step++) report(step);
    return Promise.resolve(to);
  },
  fail: ({ kind }) => Promise.reject(ERRORS[kind] ?? new Error(kind)),
  wait: (_params, { signal }) =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new CancelledError()));
    }),
  spin: ({ durationMs }) => {
    const end = Date.now() + durationMs;
    while (Date.now() < end);
    return Promise.resolve(durationMs);
  },
  exit: ({ code }) => process.exit(code),
  throwOutside: () => {
    setImmediate(() => {
      throw new Error('thrown outside of any request');
    });
    return never();
  },
  exhaustMemory: () => {
    const hoard: number[][] = [];
    for (;;) hoard.push(new Array<number>(1_000_000).fill(hoard.length + 0.5));
  },
  disconnect: () => {
    process.removeAllListeners('disconnect');
    process.disconnect();
    setInterval(() => undefined, 1000);
    return never();
  },
  environment: () =>
    Promise.resolve({
      electronRunAsNode: process.env['ELECTRON_RUN_AS_NODE'] ?? null,
      execArgv: process.execArgv,
    }),
});
