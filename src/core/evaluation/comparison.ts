import type { Evaluation, Interval, MeasureName } from './evaluation';

/** How likely a difference as large would be if the two models were equally good. */
export interface PairedTest {
  /**
   * `mcnemar-exact`: binomial, for fewer than 25 samples on which the models differ; `mcnemar-chi-square`:
   * with continuity correction, for more; `bootstrap`: by resampling pairs.
   */
  readonly method: 'mcnemar-exact' | 'mcnemar-chi-square' | 'bootstrap';
  /** Two-sided. */
  readonly pValue: number;
  /** Of McNemar's test: samples that one model has right and the other wrong. */
  readonly discordant?: { readonly onlyBefore: number; readonly onlyAfter: number };
}

/** One figure of two models on the same samples. */
export interface PairedDifference {
  readonly measure: MeasureName;
  /** After minus before. */
  readonly difference: number;
  /** Of the difference, 95 %. */
  readonly interval: Interval;
  readonly test: PairedTest;
}

/** How close the outputs of two models are, whatever the labels say. */
export interface Agreement {
  /** Share of samples whose largest number stands at the same place; absent for single numbers. */
  readonly top1?: number;
  /** Mean over samples of the cosine between the two outputs. */
  readonly meanCosine: number;
  /** Mean over samples of KL(before ‖ after) in nats; absent where outputs are no distributions. */
  readonly klDivergence?: number;
  readonly maxAbsDifference: number;
  readonly meanAbsDifference: number;
}

/** One output of two models on the same samples. */
export interface OutputComparison {
  /** Absent where the outputs are not of one size. */
  readonly agreement?: Agreement;
  /** Empty without labels. */
  readonly differences: readonly PairedDifference[];
}

/** Milliseconds of one run of the network. */
export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Both models run in turn on the same samples, so that what else the machine does hits both alike. */
export interface LatencyComparison {
  readonly batchSize: number;
  /** Runs of each model that count; those to warm up do not. */
  readonly rounds: number;
  readonly before: Latency;
  readonly after: Latency;
}

/** Two models on the same samples: the first output, and each by name where there are several. */
export interface Comparison extends OutputComparison {
  readonly samples: number;
  readonly outputs?: readonly ({ readonly name: string } & OutputComparison)[];
  /** With one sample a run, and with as many as were evaluated at once. */
  readonly latency?: readonly LatencyComparison[];
}

/** What two models do on the same data. */
export interface ComparedEvaluations {
  /** Null where the data has no labels. */
  readonly before: Evaluation | null;
  readonly after: Evaluation | null;
  readonly comparison: Comparison;
}
