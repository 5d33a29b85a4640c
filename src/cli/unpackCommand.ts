import path from 'node:path';
import { UsageError } from '../core/errors';
import { unpackFile } from '../node/packFile';
import type { Command } from './command';
import { formatBytes, formatCount } from './formatNumber';
import { onlyFile, parseArguments, textOption } from './options';

/** `unpack FILE -o OUT`: a packed model with its zeros again. */
export const unpackCommand: Command = {
  async run(args, { control }) {
    const { values, positionals } = parseArguments(args, {
      output: { type: 'string', short: 'o' },
      json: { type: 'boolean' },
    });
    const file = onlyFile(positionals, 'unpack');
    const output = textOption(values, 'output');
    if (file === undefined || output === undefined) {
      throw new UsageError('unpack: found no file or no output; allowed: unpack FILE -o OUT');
    }
    const done = await unpackFile(path.resolve(file), output, control);
    if (values['json'] === true) {
      process.stdout.write(`${JSON.stringify(done)}\n`);
      return;
    }
    const { bytesBefore, bytesAfter, unpackedCount, isOriginalFile } = done;
    const same = isOriginalFile
      ? 'It is the file that was packed, byte for byte.'
      : 'Every tensor is as it was before, bit for bit; the file around them may differ.';
    process.stdout.write(
      `Unpacked: ${formatCount(unpackedCount)} tensors, ${formatBytes(bytesBefore)} became ${formatBytes(bytesAfter)}. ` +
        `${same} Written: ${done.output}\n`,
    );
  },
};
