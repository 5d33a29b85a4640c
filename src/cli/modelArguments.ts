import path from 'node:path';
import { UsageError } from '../core/errors';
import type { PipelinePorts } from '../core/recipe/pipeline';
import type { Recipe } from '../core/recipe/recipe';
import { nodePorts } from '../node/nodePorts';
import { runJob } from '../worker/jobClient';
import { jobNetworks } from '../worker/jobNetworks';
import { onlyFile } from './options';

/** The model that a command is about: named on the command line, or by the recipe. @throws UsageError. */
export function modelPath(positionals: readonly string[], recipe: Recipe, command: string): string {
  const file = onlyFile(positionals, command) ?? recipe.model;
  if (file === undefined) {
    throw new UsageError(
      `${command}: found no model; allowed: ${command} FILE, or a recipe that names one`,
    );
  }
  return path.resolve(file);
}

/** The pipeline's ports, with networks in compute children. */
export function commandPorts(signal: AbortSignal): PipelinePorts {
  return nodePorts(
    jobNetworks((method, params, { report }) => runJob(method, params, { signal, report })),
  );
}
