import type { ActivationFunction } from '../../core/graph/operators/activation';
import type { DataFormat, Graph } from '../../core/graph/graph';
import { finalActivation } from '../../core/graph/finalActivation';
import { inferShapes } from '../../core/graph/inferShapes';
import type { Model, TensorEntry } from '../../core/model/model';
import { indexLimitOf, scalesItself } from './inputUse';
import { inputFormatOf } from './sampleLayout';

/** What guesses about data need to know of the model. */
export interface ModelTraits {
  readonly inputs: readonly InputTraits[];
  readonly outputs: readonly OutputTraits[];
  /** Numbers a sample of the first output; null where it is not known before the model is run. */
  readonly outputCount: number | null;
  readonly activation: ActivationFunction | null;
}

/** An input of the graph, and what the model does with it. */
export type InputTraits = Graph['inputs'][number] & {
  readonly format: DataFormat;
  /** Whole numbers from 0 up to, not with, this are rows of an embedding; null where they are none. */
  readonly indexLimit: number | null;
  /** The model itself brings pixels of 0 to 255 to the scale that it learnt from. */
  readonly scalesItself: boolean;
};

export interface OutputTraits {
  readonly name: string;
  /** Numbers a sample; null where it is not known. */
  readonly count: number | null;
}

/** Traits of a model; null for one without a graph. @throws FormatError where its graph does not fit together. */
export function modelTraits(model: Model): ModelTraits | null {
  const { graph } = model;
  if (graph === undefined) return null;
  const facts = inferShapes(graph, model.tensors);
  const outputs = graph.outputs.map(({ name, value }) => ({
    name,
    count: countOf(facts.get(value)?.shape),
  }));
  return { ...traitsOf(graph, model.tensors), outputs, outputCount: outputs[0]?.count ?? null };
}

/** What a graph alone tells. */
export function graphTraits(graph: Graph): ModelTraits {
  return traitsOf(graph, []);
}

function traitsOf(graph: Graph, tensors: readonly TensorEntry[]): ModelTraits {
  return {
    inputs: graph.inputs.map((input) => ({
      ...input,
      format: inputFormatOf(graph, input.value),
      indexLimit: indexLimitOf(graph, input.value, tensors),
      scalesItself: scalesItself(graph, input.value),
    })),
    outputs: graph.outputs.map(({ name }) => ({ name, count: null })),
    outputCount: null,
    activation: finalActivation(graph),
  };
}

function countOf(shape: readonly number[] | undefined): number | null {
  const sizes = shape?.slice(1) ?? [-1];
  return sizes.includes(-1) ? null : sizes.reduce((product, size) => product * size, 1);
}
