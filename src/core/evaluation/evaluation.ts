import type { Loss } from '../recipe/recipe';

/** Mean and population deviation of a figure over the folds of the data. */
export interface FoldSummary {
  readonly mean: number;
  readonly deviation: number;
}

export interface FoldEvaluation {
  readonly folds: number;
  readonly accuracy?: FoldSummary;
  readonly loss?: FoldSummary;
  readonly mse?: FoldSummary;
}

/** The ends of a confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The figures that get an interval and a paired test, by the names that results give them. */
export type MeasureName = 'accuracy' | 'topK' | 'macroF1' | 'loss' | 'mae' | 'r2';

/** 95 % intervals by a seeded bootstrap over the samples. */
export interface Intervals extends Partial<Readonly<Record<MeasureName, Interval>>> {
  readonly level: number;
  readonly method: 'bootstrap-bca';
  readonly resamples: number;
}

/** What one output does on given data. Figures that the data cannot give are absent. */
export interface OutputFigures {
  /** Share of samples whose largest output is the labelled class. */
  readonly accuracy?: number;
  readonly correct?: number;
  /** Share of samples whose labelled class is among the k largest outputs. */
  readonly topK?: { readonly k: number; readonly accuracy: number; readonly correct: number };
  /** F1 over the classes that are expected or predicted: their mean, and that of all counts together. */
  readonly f1?: { readonly macro: number; readonly micro: number };
  /**
   * Samples by expected class (row) and predicted class (column). A sample whose outputs are all NaN has
   * a row and no column. Absent beyond MAX_CONFUSION_CLASSES.
   */
  readonly confusion?: readonly (readonly number[])[];
  /** The chosen loss, mean over samples. */
  readonly loss: number;
  readonly lossKind: Loss;
  /**
   * Where the loss was not chosen: the activation that ends the model, by which it was guessed; null
   * where the output comes from none. Absent where it was chosen.
   */
  readonly lossGuessedFrom?: string | null;
  /** Mean of -ln max(p_y, 1e-7) for probabilities, of log-softmax for logits. */
  readonly crossEntropy?: number;
  /** Mean over samples and outputs; classes count as one-hot. */
  readonly mse?: number;
  /** Mean of |output - expected| over samples and outputs; of values only. */
  readonly mae?: number;
  /** 1 - squared error / variance, of each number of the output and their mean; of values only. */
  readonly r2?: { readonly mean: number; readonly perOutput: readonly number[] };
  /** Correct and all samples of each class, in the order of the outputs. */
  readonly perClass?: readonly {
    readonly name: string;
    readonly correct: number;
    readonly samples: number;
  }[];
  readonly kFold?: FoldEvaluation;
  readonly intervals?: Intervals;
}

/** What a model does on given data: the figures of its first labelled output. */
export interface Evaluation extends OutputFigures {
  readonly samples: number;
  /** What ran it, in words, e.g. `TensorFlow.js wasm (SIMD)`. */
  readonly engine?: string;
  /** Where several outputs have labels: the figures of each, by name, the first one's included. */
  readonly outputs?: readonly ({ readonly name: string } & OutputFigures)[];
}
