import path from 'node:path';
import { UsageError } from '../core/errors';
import type { PipelinePorts } from '../core/recipe/pipeline';
import type { Recipe } from '../core/recipe/recipe';
import { type NetworkPorts, nodePorts } from '../node/nodePorts';
import type { SweepPorts } from '../core/sweep/sweepPorts';
import { childLimit, JobPool } from '../worker/jobPool';
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

/**
 * The ports of a sweep. This process only waits, so every core gets a child: a cancel takes all of them with it.
 */
export function sweepPorts(signal: AbortSignal): SweepPorts {
  const networks = networksInChildren(signal);
  return { ...nodePorts(networks), ...networks, concurrency: childLimit() };
}

/** The pipeline's ports, with networks in compute children. */
export function commandPorts(signal: AbortSignal): PipelinePorts {
  return nodePorts(networksInChildren(signal));
}

function networksInChildren(signal: AbortSignal): NetworkPorts {
  const limit = childLimit();
  const pool = new JobPool(limit);
  return jobNetworks(
    (method, params, { report }) => pool.run(method, params, { signal, report }),
    limit,
  );
}
