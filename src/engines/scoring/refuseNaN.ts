import { UsageError } from '../../core/errors';
import type { Dataset } from '../../core/evaluation/dataset';

/**
 * The same data, where a batch with an input that is no number is refused: every sum over the samples, and with it
 * every score, would be NaN. Infinite inputs are taken: networks have masks made of them.
 * @throws UsageError from `readBatch`, with the sample counted from 0.
 */
export function refuseNaN(dataset: Dataset): Dataset {
  return {
    name: dataset.name,
    sampleCount: dataset.sampleCount,
    sampleShapes: dataset.sampleShapes,
    targets: dataset.targets,
    async readBatch(from, to) {
      const batch = await dataset.readBatch(from, to);
      for (const [index, { values }] of batch.inputs.entries()) {
        const at = values.findIndex((value) => Number.isNaN(value));
        if (at < 0) continue;
        const sample = from + Math.floor((at * (to - from)) / values.length);
        throw new UsageError(
          `${dataset.name}: found NaN in sample ${sample} of input ${index}; allowed: numbers, since one NaN makes every score NaN`,
        );
      }
      return batch;
    },
    close: () => dataset.close(),
  };
}
