import path from 'node:path';
import { UsageError } from '../core/errors';
import { convertToSafetensors } from '../node/convertToSafetensors';
import type { Command } from './command';
import { formatBytes } from './formatNumber';
import { onlyFile, parseArguments, textOption } from './options';

/** `convert FILE -o OUT.safetensors`: the model's tensors as a file that holds nothing but data. */
export const convertCommand: Command = {
  async run(args, { control }) {
    const { values, positionals } = parseArguments(args, {
      output: { type: 'string', short: 'o' },
      optimizer: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const file = onlyFile(positionals, 'convert');
    const output = textOption(values, 'output');
    if (file === undefined || output === undefined) {
      throw new UsageError(
        'convert: found no file or no output; allowed: convert FILE -o OUT.safetensors',
      );
    }
    // Naming an output is asking for it; only the input itself is never replaced.
    const options = { replace: true, includeOptimizer: values['optimizer'] === true };
    const done = await convertToSafetensors(path.resolve(file), output, options, control);
    if (values['json'] === true) process.stdout.write(`${JSON.stringify(done)}\n`);
    else {
      const written = `${done.tensorCount} tensors, ${formatBytes(done.byteLength)}`;
      const warnings = done.warnings.map((warning) => `Note: ${warning}\n`);
      process.stdout.write(`${warnings.join('')}Written: ${done.output} (${written})\n`);
    }
  },
};
