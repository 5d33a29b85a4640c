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

/** What a model does on given data. Figures that the data cannot give are absent. */
export interface Evaluation {
  readonly samples: number;
  /** Share of samples whose largest output is the labelled class. */
  readonly accuracy?: number;
  readonly correct?: number;
  /** The chosen loss, mean over samples. */
  readonly loss: number;
  readonly lossKind: Loss;
  /** Mean of -ln max(p_y, 1e-7) for probabilities, of log-softmax for logits. */
  readonly crossEntropy?: number;
  /** Mean over samples and outputs; classes count as one-hot. */
  readonly mse?: number;
  /** Correct and all samples of each class, in the order of the outputs. */
  readonly perClass?: readonly {
    readonly name: string;
    readonly correct: number;
    readonly samples: number;
  }[];
  readonly kFold?: FoldEvaluation;
}
