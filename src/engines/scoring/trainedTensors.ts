import { type TensorEntry, tensorNamed } from '../../core/model/model';
import type { ScoringRun } from './scoringRun';

/**
 * The parameters that a network is trained by: weights, biases, scales and shifts of its layers, as far as the graph
 * reads them as numbers; not the running statistics of batch normalization, nor what Keras' `Normalization` knows of
 * the data.
 */
export function trainedTensors({ model, graph }: ScoringRun): readonly TensorEntry[] {
  const statistics = new Set(
    graph.nodes.flatMap(({ operator, inputs }) =>
      operator.kind === 'batchNormalization' ? inputs.slice(3) : [],
    ),
  );
  const read = new Set(
    graph.parameters
      .filter(({ type, asCodes }) => type === 'float32' && asCodes !== true)
      .filter(({ value }) => !statistics.has(value))
      .map(({ tensor }) => tensor),
  );
  const layers = model.layers.filter(({ operatorLabel }) => operatorLabel !== 'Normalization');
  const names = new Set(layers.flatMap(({ parameters }) => parameters));
  return [...names].filter((name) => read.has(name)).map((name) => tensorNamed(model, name));
}
