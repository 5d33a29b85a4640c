import type { DenseArray } from '../../src/core/graph/executor';
import type { Architecture } from '../../src/core/recipe/recipe';
import { createTfjsExecutor } from '../../src/engines/tfjs/createTfjsExecutor';
import { openModelFile } from '../../src/node/openModel';

/** What a model file (absolute) makes of one batch on the own executor, with the names of its outputs. */
export async function runModelFile(
  file: string,
  inputs: readonly DenseArray[],
  architecture: Architecture | null = null,
): Promise<readonly (DenseArray & { readonly name: string })[]> {
  const opened = await openModelFile(file, { architecture });
  try {
    const executor = await createTfjsExecutor(opened.model, []);
    try {
      const outputs = await executor.run(inputs);
      const names = opened.model.graph?.outputs.map(({ name }) => name) ?? [];
      return outputs.map((output, i) => ({ ...output, name: names[i] ?? String(i) }));
    } finally {
      executor.dispose();
    }
  } finally {
    await opened.close();
  }
}
