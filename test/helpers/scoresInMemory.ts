import type { ScoreArrays, ScoreRequest } from '../../src/core/criteria/scoringPort';
import type { Model } from '../../src/core/model/model';
import type { PlanScoring } from '../../src/core/selection/planScoring';
import { withoutNetwork } from '../../src/core/selection/planScoring';
import { bytesOf, memoryModel } from './memoryModel';

export type ScoreValues = (
  tensor: string,
  elementCount: number,
  request: Pick<ScoreRequest, 'cuts'>,
) => Float32Array;

/** Scores that a function gives, as a network's come: an array a tensor. The requests are kept in `seen`. */
export function scoresInMemory(
  model: Model,
  valuesOf: ScoreValues,
  seen: Pick<ScoreRequest, 'cuts'>[] = [],
): PlanScoring {
  return {
    ...withoutNetwork,
    score: (request): Promise<ScoreArrays> => {
      seen.push(request);
      const arrays = request.tensors.map((name) => {
        const tensor = model.tensors.find((one) => one.name === name)!;
        const values = valuesOf(name, tensor.elementCount, request);
        const shape = values.length === tensor.elementCount ? tensor.shape : [values.length];
        return { name, shape, dtype: 'float32' as const, bytes: bytesOf(values) };
      });
      return Promise.resolve({
        arrays: memoryModel(arrays),
        samples: 1,
        engine: 'none',
        close: () => Promise.resolve(),
      });
    },
  };
}
