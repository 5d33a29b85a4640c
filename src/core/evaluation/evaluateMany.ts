import type { JobControl } from '../progress';
import type { Architecture } from '../recipe/recipe';
import type { PlanEntry } from '../report/plan';
import type { PairedDifference } from './comparison';
import type { EvaluationTerms } from './evaluateRequest';
import type { Interval } from './evaluation';

/** One model file to be evaluated as it is, and under each of several cuts, on the same samples. */
export interface EvaluateManyRequest extends EvaluationTerms {
  /** Absolute path of the model. */
  readonly path: string;
  readonly architecture: Architecture | null;
  /** Each by itself, of the original weights. */
  readonly variants: readonly (readonly PlanEntry[])[];
}

/** The figures by which many versions of a model are compared: few, so that there can be many. */
export interface ModelFigures {
  /** Share of samples whose class is right; absent where labels are no classes. */
  readonly accuracy?: number;
  readonly correct?: number;
  /** Mean over the samples. */
  readonly loss: number;
  /** 95 %, by the same bootstrap as an evaluation with the same seed. */
  readonly intervals: { readonly accuracy?: Interval; readonly loss: Interval };
}

/** A cut model, with what it lost against the original on the same samples. */
export interface VariantFigures extends ModelFigures {
  /** Of accuracy (McNemar's test), where there is one, and loss (paired bootstrap). */
  readonly differences: readonly PairedDifference[];
}

/** What became of a request: the model as it is, and under each of the cuts. */
export interface ManyEvaluations {
  readonly samples: number;
  /** What ran it, in words. */
  readonly engine: string;
  readonly original: ModelFigures;
  /** In the order of the request. */
  readonly variants: readonly VariantFigures[];
}

/** Runs many versions of one network, in a process of their own that opens model and data once. */
export interface EvaluateManyPort {
  /** @throws UsageError where the data has no labels; UnsupportedError, FormatError, IoError, CancelledError. */
  evaluateMany(request: EvaluateManyRequest, control: JobControl): Promise<ManyEvaluations>;
}
