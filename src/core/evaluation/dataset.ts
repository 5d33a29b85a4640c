import type { DenseArray } from '../graph/executor';

/** What the data expects of one output of the model, as far as the data alone tells. */
export type Targets =
  | {
      /** One number a sample: a class, or a value to be predicted. */
      readonly kind: 'column';
      readonly name: string;
      readonly values: Float64Array;
      /** Where the labels were words: the words, by the number that stands for them. */
      readonly classNames: readonly string[] | null;
    }
  | {
      /** Several numbers a sample; each batch brings its own. */
      readonly kind: 'array';
      readonly name: string;
      readonly elementsPerSample: number;
    };

/** Rows of a data set, ready for the network. */
export interface Batch {
  /** In the order of the graph's inputs, in their shapes, preprocessed. */
  readonly inputs: readonly DenseArray[];
  /** In the order of {@link Dataset.targets}: of array targets sample by sample, empty for others. */
  readonly targets: readonly (Float32Array | Float64Array)[];
}

/** Samples and what is expected of them, read batch by batch. */
export interface Dataset {
  /** The file's name, for messages. */
  readonly name: string;
  readonly sampleCount: number;
  /** Of one sample of each input, as the network gets it. */
  readonly sampleShapes: readonly (readonly number[])[];
  /**
   * In the order of the graph's outputs; null where nothing is expected of one. Outputs beyond the list
   * have none either, so that data without labels has an empty list.
   */
  readonly targets: readonly (Targets | null)[];
  /** Samples `from` up to, not with, `to`. @throws FormatError, IoError as reading does. */
  readBatch(from: number, to: number): Promise<Batch>;
  close(): Promise<void>;
}

/** The first samples of a data set, as one of its own; closing it closes the whole. */
export function firstSamples(dataset: Dataset, count: number): Dataset {
  const sampleCount = Math.min(count, dataset.sampleCount);
  const targets = dataset.targets.map((one) =>
    one?.kind === 'column' ? { ...one, values: one.values.subarray(0, sampleCount) } : one,
  );
  return {
    name: dataset.name,
    sampleCount,
    sampleShapes: dataset.sampleShapes,
    targets,
    readBatch: (from, to) => dataset.readBatch(from, to),
    close: () => dataset.close(),
  };
}
