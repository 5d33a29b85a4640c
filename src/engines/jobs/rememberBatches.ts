import type { Batch, Dataset } from '../../core/evaluation/dataset';

/**
 * A data set that keeps the batches that were read, up to so many bytes, for who goes over it many times;
 * further ones are read again. Closing it closes the whole.
 */
export function rememberBatches(dataset: Dataset, maxBytes: number): Dataset {
  const kept = new Map<string, Batch>();
  let bytes = 0;
  return {
    name: dataset.name,
    sampleCount: dataset.sampleCount,
    sampleShapes: dataset.sampleShapes,
    targets: dataset.targets,
    async readBatch(from, to) {
      const key = `${from}:${to}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const batch = await dataset.readBatch(from, to);
      const size = byteLengthOf(batch);
      if (bytes + size <= maxBytes) {
        kept.set(key, batch);
        bytes += size;
      }
      return batch;
    },
    close: () => dataset.close(),
  };
}

function byteLengthOf({ inputs, targets }: Batch): number {
  const arrays = [...inputs.map(({ values }) => values), ...targets];
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
