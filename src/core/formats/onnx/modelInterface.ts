import type { ModelInterface, ModelValue } from '../../model/model';
import { elementTypeOf } from './elementTypes';
import type { OnnxGraph, OnnxValue } from './messages';

/** What a graph takes and gives. Before IR version 4 initializers were inputs too: they are left out. */
export function modelInterface(graph: OnnxGraph): ModelInterface {
  const initializers = new Set([
    ...graph.initializers.map(({ name }) => name),
    ...graph.sparseInitializers.map(({ values }) => values.name),
  ]);
  const inputs = graph.inputs.filter(({ name }) => !initializers.has(name));
  return { inputs: inputs.map(valueOf), outputs: graph.outputs.map(valueOf) };
}

function valueOf({ name, dataType, shape }: OnnxValue): ModelValue {
  const type = dataType === null ? undefined : elementTypeOf(dataType);
  return { name, shape, dtype: type?.dtype ?? null };
}
