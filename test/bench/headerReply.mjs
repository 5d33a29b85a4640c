// From a request to the worker to the header's reply, for a 10 GB file (sparse: only its header is real).
import { createRequire } from 'node:module';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import esbuild from 'esbuild';

const TENSORS = 400;
const SIDE = 2560;

/** Writes a header of 400 float32 tensors of 2560 x 2560 and leaves their 10.5 GB to the file system. */
export function sparseModel(file) {
  const tensorBytes = SIDE * SIDE * 4;
  const header = {};
  for (let i = 0; i < TENSORS; i++) {
    const data_offsets = [i * tensorBytes, (i + 1) * tensorBytes];
    header[`layers.${i}.weight`] = { dtype: 'F32', shape: [SIDE, SIDE], data_offsets };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const handle = openSync(file, 'w');
  writeSync(handle, length);
  writeSync(handle, json);
  ftruncateSync(handle, 8 + json.length + TENSORS * tensorBytes);
  closeSync(handle);
}

/** Milliseconds from the request to the reply, with the worker already running. */
export async function headerReply(root) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'secateur-bench-'));
  try {
    const client = path.join(folder, 'client.cjs');
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: ['src/worker/rpc/forkedServer.ts'],
      outfile: client,
      bundle: true,
      platform: 'node',
      mainFields: ['module', 'main'],
    });
    const { ForkedServer } = createRequire(import.meta.url)(client);
    const model = path.join(folder, 'large.safetensors');
    sparseModel(model);
    const entry = path.join(root, 'dist/worker.js');
    const worker = new ForkedServer({
      entry,
      process: 'worker',
      cancelGraceMs: 0,
      killAfterMs: 1000,
    });
    // A first request, which fails, waits until the process is there.
    await worker
      .request('openModel', { path: path.join(folder, 'nowhere') })
      .catch(() => undefined);
    const start = performance.now();
    await worker.request('openModel', { path: model });
    const milliseconds = performance.now() - start;
    worker.dispose();
    return milliseconds;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
