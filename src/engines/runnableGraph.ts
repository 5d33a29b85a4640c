import { UnsupportedError } from '../core/errors';
import type { ElementType, Graph } from '../core/graph/graph';
import { opaqueOperators } from '../core/graph/opaqueOperators';
import type { Model, ModelInterface, ModelValue } from '../core/model/model';
import { unsupportedOperators } from './unsupportedOperators';

/**
 * What data is fitted to before an engine is chosen: the model's graph or, where only ONNX Runtime
 * can run the file, its inputs and outputs without nodes.
 * @throws UnsupportedError where no engine can run the model, with the reason.
 */
export function runnableGraph(model: Model): Graph {
  const { graph } = model;
  if (runsOnOnnxRuntime(model)) {
    if (graph !== undefined) return graph;
    if (model.interface !== undefined) return interfaceGraph(model.interface);
  }
  return executableGraph(model);
}

/**
 * The graph that our own executor starts from: as the file declares it. Operators that shapes may still resolve
 * are left for when those are known.
 * @throws UnsupportedError where there is none, or where it has operators that cannot be run.
 */
export function executableGraph(model: Model): Graph {
  const { graph } = model;
  if (graph === undefined) {
    throw new UnsupportedError({
      feature: 'running the model',
      found: model.graphMissing ?? 'no graph',
      supported: 'a model whose file, or whose recipe, says how its layers are connected',
    });
  }
  if (model.lowerGraph === undefined && opaqueOperators(graph).length > 0) {
    throw unsupportedOperators(graph);
  }
  return graph;
}

/** Whether ONNX Runtime is an engine for the file at all. */
export function runsOnOnnxRuntime({ format }: Model): boolean {
  return format === 'onnx';
}

function interfaceGraph({ inputs, outputs }: ModelInterface): Graph {
  return {
    inputs: inputs.map((input) => ({
      value: input.name,
      name: input.name,
      shape: input.shape.map((size) => (typeof size === 'number' ? size : -1)),
      type: elementTypeOf(input),
    })),
    outputs: outputs.map(({ name }) => ({ value: name, name })),
    parameters: [],
    constants: [],
    nodes: [],
  };
}

function elementTypeOf({ dtype }: ModelValue): ElementType {
  if (dtype === 'bool') return 'bool';
  return dtype !== null && /^u?int/.test(dtype) ? 'int32' : 'float32';
}
