import path from 'node:path';
import { UsageError } from '../core/errors';
import { assertNotInput } from '../node/assertNotInput';
import { currentEngine } from '../worker/currentEngine';
import { runJob } from '../worker/jobClient';
import type { Command } from './command';
import { ENGINE_OPTIONS, useEngineOption } from './engineOption';
import { filesRead } from './filesRead';
import { modelPath } from './modelArguments';
import { COMMON_OPTIONS, parseArguments, textOption } from './options';
import { recipeFromOptions } from './recipeFromOptions';

/** `run FILE --inputs x.npz --out y.npz`: the network's outputs on given inputs. */
export const runCommand: Command = {
  async run(args, { control, signal }) {
    const options = {
      ...COMMON_OPTIONS,
      ...ENGINE_OPTIONS,
      inputs: { type: 'string' },
      out: { type: 'string' },
    } as const;
    const { values, positionals } = parseArguments(args, options);
    useEngineOption(values);
    const { inputs, ...rest } = values;
    const recipe = await recipeFromOptions(rest);
    const file = modelPath(positionals, recipe, 'run');
    const output = textOption(values, 'out');
    if (typeof inputs !== 'string' || output === undefined) {
      throw new UsageError(
        'run: found no --inputs or no --out; allowed: run FILE --inputs x.npz --out y.npz',
      );
    }
    const request = {
      path: file,
      architecture: recipe.architecture ?? null,
      inputs: path.resolve(inputs),
      output: path.resolve(output),
      engine: await currentEngine(),
    };
    await assertNotInput(request.output, [
      ...(await filesRead(rest, recipe, file)),
      request.inputs,
    ]);
    const result = await runJob('run', request, { signal, report: control.report });
    process.stdout.write(
      values['json'] === true ? `${JSON.stringify(result)}\n` : asText(result.outputs, output),
    );
  },
};

function asText(
  outputs: readonly { readonly name: string; readonly shape: readonly number[] }[],
  file: string,
): string {
  const lines = outputs.map(({ name, shape }) => `${name}  ${shape.join('×')}\n`);
  return `${lines.join('')}Written: ${file}\n`;
}
