import path from 'node:path';
import { UsageError } from '../core/errors';
import type { TensorPacking } from '../core/pack/packing';
import { packFile } from '../node/packFile';
import type { Command } from './command';
import { formatBytes, formatCount, formatShare } from './formatNumber';
import { onlyFile, parseArguments, textOption } from './options';
import { type Column, formatTable } from './table';

const COLUMNS: readonly Column[] = [
  { title: 'tensor', align: 'left' },
  { title: 'elements', align: 'right' },
  { title: 'zeros', align: 'right' },
  { title: 'before', align: 'right' },
  { title: 'after', align: 'right' },
  { title: '', align: 'left' },
];

/** `pack FILE -o OUT`: the same model in a file without its zeros. */
export const packCommand: Command = {
  async run(args, { control }) {
    const { values, positionals } = parseArguments(args, {
      output: { type: 'string', short: 'o' },
      json: { type: 'boolean' },
    });
    const file = onlyFile(positionals, 'pack');
    const output = textOption(values, 'output');
    if (file === undefined || output === undefined) {
      throw new UsageError('pack: found no file or no output; allowed: pack FILE -o OUT');
    }
    const done = await packFile(path.resolve(file), output, control);
    if (values['json'] === true) {
      process.stdout.write(`${JSON.stringify(done)}\n`);
      return;
    }
    const { bytesBefore, bytesAfter, tensors } = done;
    const packed = tensors.filter(({ leftBecause }) => leftBecause === null).length;
    process.stdout.write(
      `${formatTable(COLUMNS, tensors.map(rowOf))}\n` +
        `Packed: ${formatBytes(bytesBefore)} became ${formatBytes(bytesAfter)}. The zeros of ${formatCount(packed)} of ` +
        `${formatCount(tensors.length)} tensors are left out of the file; they come back when it is loaded, so it does not run faster. ` +
        `Written: ${done.output}\n`,
    );
  },
};

function rowOf(tensor: TensorPacking): string[] {
  const { name, elementCount, kept, bytesBefore, bytesAfter, leftBecause } = tensor;
  return [
    name,
    formatCount(elementCount),
    formatShare(elementCount === 0 ? 0 : 1 - kept / elementCount),
    formatBytes(bytesBefore),
    formatBytes(bytesAfter),
    leftBecause === null ? 'packed' : `as it is: ${leftBecause}`,
  ];
}
