import type { ScoredArray, ScoringRun } from './scoringRun';
import { layerNameOf } from './unitObservers';

/**
 * Passes scores on, and says of which layers all are 0: then they do not rank, and what goes is the first by index. So
 * it is where a network rounds its values, which no derivative passes.
 */
export async function* noteZeros(
  run: ScoringRun,
  arrays: AsyncIterable<ScoredArray>,
): AsyncGenerator<ScoredArray> {
  const layers: string[] = [];
  for await (const array of arrays) {
    const tensor = run.tensors.find(({ name }) => name === array.name);
    const isZero = array.values.length > 1 && array.values.every((value) => value === 0);
    if (tensor !== undefined && isZero) layers.push(layerNameOf(run.model, tensor));
    yield array;
  }
  if (layers.length === 0) return;
  run.note(
    `all scores are 0 in ${layers.join(', ')}, so that nothing is ranked there: values are rounded on the way to the output, or nothing reaches it; criteria by the weights alone or by inputs (magnitude, wanda) rank them`,
  );
}
