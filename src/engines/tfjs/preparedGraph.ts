import type * as tf from '@tensorflow/tfjs-core';
import type { Graph } from '../../core/graph/graph';
import { uploadValues } from './parameterValues';
import type { PhysicalGraph, PhysicalLayouts } from './physicalLayout';

/** A graph ready to run: its constants on the engine, and what can be freed when. */
export interface PreparedGraph {
  readonly graph: Graph;
  /** In which order of axes values are held. */
  readonly layouts: PhysicalLayouts;
  /** By value id. */
  readonly constants: ReadonlyMap<string, tf.Tensor>;
  /** By node: the values that no later node, and no output, needs. */
  readonly releases: readonly (readonly string[])[];
}

/** Uploads the constants of a graph whose nodes read parameters as the engine holds them. */
export function prepareGraph({ graph, layouts }: PhysicalGraph): PreparedGraph {
  const constants = new Map<string, tf.Tensor>();
  for (const { value, shape, type, values } of graph.constants) {
    constants.set(value, uploadValues(values, shape, type));
  }
  return { graph, layouts, constants, releases: releasesOf(graph) };
}

/** Frees the constants. */
export function disposePrepared({ constants }: PreparedGraph): void {
  for (const tensor of constants.values()) tensor.dispose();
}

function releasesOf(graph: Graph): readonly (readonly string[])[] {
  const kept = new Set(graph.outputs.map(({ value }) => value));
  const releases: string[][] = graph.nodes.map(() => []);
  const seen = new Set<string>();
  for (let index = graph.nodes.length - 1; index >= 0; index--) {
    const node = graph.nodes[index];
    if (node === undefined) continue;
    for (const value of [...node.inputs, ...node.outputs]) {
      if (value === null || seen.has(value) || kept.has(value)) continue;
      seen.add(value);
      releases[index]?.push(value);
    }
  }
  return releases;
}
