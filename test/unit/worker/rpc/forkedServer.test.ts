import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import test from 'node:test';
import type { TestContext } from 'node:test';
import {
  BoundError,
  CancelledError,
  FormatError,
  IoError,
  UnsupportedError,
  UsageError,
} from '../../../../src/core/errors';
import { RemoteError } from '../../../../src/worker/rpc/failureData';
import { ForkedServer } from '../../../../src/worker/rpc/forkedServer';
import type { ForkedServerOptions } from '../../../../src/worker/rpc/forkedServer';
import { ProcessEndedError } from '../../../../src/worker/rpc/processEnd';
import { bundleEntry } from '../../../helpers/bundleEntry';
import { isGone } from '../../../helpers/isGone';
import type { TroubledRequests } from './troubledServer';

type Troubled = ForkedServer<TroubledRequests, number>;

async function start(
  t: TestContext,
  options: Partial<ForkedServerOptions> = {},
): Promise<Troubled> {
  const entry = await bundleEntry(t, 'test/unit/worker/rpc/troubledServer.ts');
  const server: Troubled = new ForkedServer({
    entry,
    process: 'worker',
    cancelGraceMs: 150,
    killAfterMs: 300,
    ...options,
  });
  t.after(async () => {
    server.dispose();
    await server.ended;
  });
  return server;
}

function endedBy(reason: string, detail?: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ProcessEndedError);
    assert.equal(error.end.reason, reason);
    if (detail !== undefined) assert.equal(error.end.detail, detail);
    return true;
  };
}

test('typed arrays, undefined, NaN and maps cross unchanged', async (t) => {
  const server = await start(t);
  const value = {
    floats: Float32Array.of(1.5, -0, NaN),
    bytes: new Uint8Array([1, 2, 255]),
    missing: undefined,
    infinite: -Infinity,
    map: new Map([['a', 1n]]),
  };
  assert.deepEqual(await server.request('echo', { value }), value);
});

test('progress comes in order and before the result', async (t) => {
  const server = await start(t);
  const seen: number[] = [];
  const result = await server.request('count', { to: 500 }, { onProgress: (n) => seen.push(n) });
  assert.equal(result, 500);
  assert.deepEqual(
    seen,
    Array.from({ length: 500 }, (_, index) => index + 1),
  );
});

test('requests that run side by side get their own answers and their own progress', async (t) => {
  const server = await start(t);
  const seen = new Map<number, number>();
  const answers = await Promise.all(
    [3, 7, 11].map((to) =>
      server.request('count', { to }, { onProgress: () => seen.set(to, (seen.get(to) ?? 0) + 1) }),
    ),
  );
  assert.deepEqual(answers, [3, 7, 11]);
  assert.deepEqual(
    [...seen.entries()].sort((a, b) => a[0] - b[0]),
    [
      [3, 3],
      [7, 7],
      [11, 11],
    ],
  );
});

test('an error arrives as the class that was thrown, with its details', async (t) => {
  const server = await start(t);
  const classes = {
    usage: UsageError,
    format: FormatError,
    unsupported: UnsupportedError,
    bound: BoundError,
    io: IoError,
    cancelled: CancelledError,
    internal: RemoteError,
  };
  for (const [kind, errorClass] of Object.entries(classes)) {
    await assert.rejects(server.request('fail', { kind }), errorClass);
  }
  await assert.rejects(server.request('fail', { kind: 'format' }), {
    message: 'npz: header at byte 8: found 3; allowed: 1 or 2',
    detail: { format: 'npz', place: 'header', found: '3', allowed: '1 or 2', byteOffset: 8 },
  });
  await assert.rejects(server.request('fail', { kind: 'io' }), { code: 'ENOSPC' });
  await assert.rejects(server.request('fail', { kind: 'internal' }), {
    message: 'undefined is not a function',
    remoteStack: /troubledServer/u,
  });
});

test('SIGKILL in the middle rejects every pending request and names the signal', async (t) => {
  const server = await start(t);
  const pending = [server.request('wait', {}), server.request('wait', {})];
  await server.request('echo', { value: 0 });
  process.kill(server.processId!, 'SIGKILL');
  for (const request of pending) await assert.rejects(request, endedBy('signal', 'SIGKILL'));
  await assert.rejects(server.request('echo', { value: 1 }), endedBy('signal', 'SIGKILL'));
});

test('an exit rejects every pending request and names the code', async (t) => {
  const server = await start(t);
  const pending = server.request('wait', {});
  await assert.rejects(server.request('exit', { code: 7 }), endedBy('exit', '7'));
  await assert.rejects(pending, endedBy('exit', '7'));
});

test('an exception outside of any request ends the process and is in the log', async (t) => {
  const lines: string[] = [];
  const server = await start(t, { onLine: (line) => lines.push(line) });
  await assert.rejects(server.request('throwOutside', {}), endedBy('exit', '1'));
  assert.match(lines.join('\n'), /thrown outside of any request/u);
});

test('a process that runs out of memory is told apart from a killed one', async (t) => {
  const server = await start(t, { execArgv: ['--max-old-space-size=64'] });
  const exhausted = server.request('exhaustMemory', {});
  await assert.rejects(exhausted, endedBy('out-of-memory'));
});

test('a process that closes its channel is given up, and killed', async (t) => {
  const server = await start(t);
  const processId = server.processId!;
  await assert.rejects(server.request('disconnect', {}), endedBy('disconnected'));
  assert.ok(await isGone(processId));
});

test('an entry that is not there rejects the request instead of leaving it waiting', async () => {
  const server: Troubled = new ForkedServer({
    entry: '/nowhere/at/all.js',
    process: 'job',
    cancelGraceMs: 0,
    killAfterMs: 100,
  });
  await assert.rejects(server.request('wait', {}), endedBy('exit', '1'));
});

test('dispose rejects what is pending, refuses what comes, and ends the process', async (t) => {
  const server = await start(t);
  const processId = server.processId!;
  const pending = server.request('wait', {});
  await server.request('echo', { value: 0 });
  server.dispose();
  await assert.rejects(pending, endedBy('stopped'));
  await assert.rejects(server.request('echo', { value: 1 }), endedBy('stopped'));
  assert.ok(await isGone(processId));
});

test('dispose kills a process that is too busy to notice', async (t) => {
  const server = await start(t);
  const processId = server.processId!;
  await server.request('echo', { value: 0 });
  const spinning = server.request('spin', { durationMs: 60_000 });
  server.dispose();
  await assert.rejects(spinning, endedBy('stopped'));
  assert.ok(await isGone(processId));
});

test('a cancelled request is rejected within 200 ms, whether the other side looks or not', async (t) => {
  const server = await start(t);
  await server.request('echo', { value: 0 });
  for (const method of ['wait', 'spin'] as const) {
    const controller = new AbortController();
    const params = { durationMs: 1000 };
    const request = server.request(method, params, { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const cancelled = performance.now();
    controller.abort();
    await assert.rejects(request, CancelledError);
    assert.ok(performance.now() - cancelled < 200);
  }
});

test('a cancel that comes too late lets the answer through', async (t) => {
  const server = await start(t, { cancelGraceMs: 10_000 });
  const controller = new AbortController();
  await server.request('echo', { value: 0 });
  const request = server.request('spin', { durationMs: 60 }, { signal: controller.signal });
  await new Promise((resolve) => setTimeout(resolve, 30));
  controller.abort();
  assert.equal(await request, 60);
});

test('a signal that is already set sends nothing', async (t) => {
  const server = await start(t);
  const request = server.request('exit', { code: 3 }, { signal: AbortSignal.abort() });
  await assert.rejects(request, CancelledError);
  assert.equal(await server.request('echo', { value: 'alive' }), 'alive');
});

test('the process ends when its parent is killed', async (t) => {
  const server = await bundleEntry(t, 'test/unit/worker/rpc/troubledServer.ts');
  const parentEntry = await bundleEntry(t, 'test/unit/worker/rpc/doomedParent.ts');
  const parent = fork(parentEntry, [server], { execArgv: [], silent: true });
  const [processId] = (await once(parent, 'message')) as [number];
  parent.kill('SIGKILL');
  assert.ok(await isGone(processId));
});

test('the process is plain Node: no options of the parent, Electron or not', async (t) => {
  const server = await start(t);
  assert.deepEqual(await server.request('environment', {}), {
    electronRunAsNode: '1',
    execArgv: [],
  });
});
