import { unattended } from '../../../../src/core/progress';
import { evaluateFile } from '../../../../src/engines/jobs/evaluateFile';
import { startTfjs } from '../../../../src/engines/tfjs/startTfjs';

/** Evaluates the model named on the command line on the data named after it, and prints what came out. */
async function main(): Promise<void> {
  const [path = '', file = ''] = process.argv.slice(2);
  const data = { file, scale: 1 / 16 };
  const request = { path, architecture: null, cuts: [], data, seed: 1 };
  const found = await evaluateFile(request, unattended);
  const { correct, samples } = found ?? {};
  console.log(JSON.stringify({ engine: await startTfjs(), correct, samples }));
}

void main();
