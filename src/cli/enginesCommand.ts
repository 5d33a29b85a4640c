import type { NativeEngine } from '../core/graph/engineChoice';
import { NATIVE_PACKAGE, NATIVE_VERSION } from '../core/graph/nativePackage';
import { findNativeEngine } from '../worker/resolveEngine';
import { runJob } from '../worker/jobClient';
import type { Command } from './command';
import { engineWish } from './engineOption';
import { UsageError } from '../core/errors';
import { parseArguments } from './options';
import { type Column, formatTable } from './table';

const COLUMNS: readonly Column[] = [
  { title: 'engine', align: 'left' },
  { title: 'state', align: 'left' },
];

/** `engines`: what networks can be run on here, and why not on the native engine. */
export const enginesCommand: Command = {
  async run(args) {
    const { values, positionals } = parseArguments(args, { json: { type: 'boolean' } });
    if (positionals.length > 0) {
      throw new UsageError(`engines: found ${positionals.join(' ')}; allowed: engines [--json]`);
    }
    const { tfjs, onnxruntime } = await runJob('describeEngines', {});
    const native = await findNativeEngine(engineWish().nativeFolders);
    const rows = [
      ['tfjs', tfjs],
      ['onnxruntime', onnxruntime],
      ['tfjs-node', nativeText(native)],
    ];
    process.stdout.write(
      values['json'] === true
        ? `${JSON.stringify({ tfjs, onnxruntime, native })}\n`
        : formatTable(COLUMNS, rows),
    );
  },
};

function nativeText(native: NativeEngine): string {
  switch (native.kind) {
    case 'usable':
      return `works, in ${native.folder}`;
    case 'broken':
      return `not used, in ${native.folder}: ${native.reason}`;
    case 'absent':
      return `not installed; TFJS_NODE_DIR names a folder with ${NATIVE_PACKAGE} ${NATIVE_VERSION}`;
  }
}
