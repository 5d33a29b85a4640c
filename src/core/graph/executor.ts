import type { CancelSignal } from '../progress';
import type { Loss } from '../recipe/recipe';

/** Values of one network input or output, batch first, in C order. */
export interface DenseArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A graph ready to run, with its weights. Holds memory outside the garbage collector until disposed. */
export interface Executor {
  /** In words for the user, e.g. `TensorFlow.js wasm (SIMD)`. */
  readonly engine: string;
  /**
   * One batch in inference. Inputs in the order of the graph's inputs, outputs in the order of its outputs.
   * @param signal looked at between nodes, with a turn of the event loop at most every 50 ms
   * @throws UnsupportedError when the graph has an operator that the engine does not know; UsageError for
   *   inputs that do not fit; CancelledError.
   */
  run(inputs: readonly DenseArray[], signal?: CancelSignal): Promise<readonly DenseArray[]>;
  dispose(): void;
}

/**
 * An executor that also looks inside and differentiates. A value is named by its id in the graph
 * (`GraphNode.outputs`, `GraphInput.value`), a parameter by its tensor's name in the file; arrays of
 * parameters, and gradients with respect to them, are in the file's own layout.
 *
 * Where the graph is lowered again for the shapes of a batch, ids are those of the graph so lowered.
 */
export interface DifferentiableExecutor extends Executor {
  /**
   * One batch in inference: the given values, by id, in the order given.
   * @throws UsageError for a value that the graph does not have; as {@link Executor.run} does.
   */
  activations(
    inputs: readonly DenseArray[],
    values: readonly string[],
    signal?: CancelSignal,
  ): Promise<ReadonlyMap<string, DenseArray>>;
  /**
   * One batch in inference, with a look at some of its values as they are made: nothing is kept or copied out
   * of the engine. Observers by value id, or by {@link unreadOutput}.
   * @throws UsageError for a value that the graph does not have; as {@link Executor.run} does.
   */
  observe(
    inputs: readonly DenseArray[],
    observers: ReadonlyMap<string, ValueObserver>,
    signal?: CancelSignal,
  ): Promise<void>;
  /**
   * Gradients of an objective over one batch. What the objective does not depend on has a gradient of zeros.
   * Keeps every value that the way back needs: the batch must be small enough for that.
   * @throws UnsupportedError naming the layer whose operator has no gradient; UsageError for names that
   *   the graph does not have, or values that are no floats; as {@link Executor.run} does.
   */
  gradients(request: GradientRequest, signal?: CancelSignal): Promise<Gradients>;
  /**
   * By tensor: the sum over the samples of the batch of the squared gradients of each sample's objective
   * by itself (times 1 / samples: the empirical Fisher). Nothing is stored for each sample. With the
   * objective `each-output` every output element is differentiated alone: sum over k of (d f_k / d w)^2.
   * Inference mode.
   */
  squaredGradients(
    request: SquaredGradientRequest,
    signal?: CancelSignal,
  ): Promise<ReadonlyMap<string, DenseArray>>;
  /**
   * By tensor: H v over one batch, H the second derivatives of the objective with respect to the tensors that
   * have vectors. Exact but for rounding: tangents are carried along forward and back. What is constant on each
   * side of a kink (relu, maximum) counts as such. Inference mode; twice to four times the cost of gradients.
   * @throws UnsupportedError naming the layer whose operator has no second derivative; as {@link gradients}.
   */
  hessianVectorProduct(
    request: HessianVectorRequest,
    signal?: CancelSignal,
  ): Promise<ReadonlyMap<string, DenseArray>>;
  /** Starts training. One trainer at a time; it changes the executor's parameters. */
  train(options: TrainingOptions): Trainer;
  /** The parameters as they are now, by tensor; all float parameters of the graph where none are named. */
  readParameters(tensors?: readonly string[]): Promise<ReadonlyMap<string, DenseArray>>;
  /** Puts other values in place of parameters. @throws UsageError where name or size does not fit. */
  writeParameters(values: ReadonlyMap<string, Float32Array>): Promise<void>;
}

/** A value of one batch where the engine holds it; good only during the call that shows it. */
export interface ObservedValue {
  readonly shape: readonly number[];
  /** How many elements further the next index along each axis lies: the engine may hold axes in another order. */
  readonly strides: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

export type ValueObserver = (value: ObservedValue) => void;

/** The name under which an output of a node that nothing reads can be observed. */
export function unreadOutput(nodeId: string, index: number): string {
  return `${nodeId}#unread:${index}`;
}

/**
 * What the network should have given.
 * `classes`: an index a sample. `values`: as many numbers as the output has: probabilities of classes
 * (one-hot or soft) under a cross entropy, else the numbers themselves.
 */
export type ObjectiveTargets =
  | { readonly kind: 'classes'; readonly classes: ArrayLike<number> }
  | { readonly kind: 'values'; readonly values: Float32Array };

/**
 * A loss of one output against targets.
 *
 * `ce-logits`: cross entropy of the softmax over the last axis. `ce`: cross entropy of probabilities, taken of
 * their logits where a softmax or sigmoid of the graph made them, else clipped at 1e-7; as Keras does. An output
 * of one number a sample is the probability of class 1, or its logit. `mse`: squared differences, their mean
 * over the elements of a sample.
 */
export interface LossObjective {
  readonly kind: 'loss';
  readonly loss: Loss;
  /** Index into the graph's outputs; the first without it. */
  readonly output?: number;
  readonly targets: ObjectiveTargets;
  /** Over the samples; the mean without it. */
  readonly reduction?: 'mean' | 'sum';
  /** Only the first so many samples of the batch count, the others fill it up; all without it. */
  readonly countedSamples?: number;
}

/** Losses of several outputs, added up. */
export interface LossSum {
  readonly kind: 'losses';
  readonly losses: readonly LossObjective[];
}

/** The sum of outputs times weights; of the output's shape, or null for an output left out. */
export interface WeightedOutputs {
  readonly kind: 'weighted-outputs';
  readonly weights: readonly (Float32Array | null)[];
}

/** Each element of one output by itself, sample by sample. */
export interface EachOutput {
  readonly kind: 'each-output';
  readonly output?: number;
  /** Only the first so many samples of the batch count; all without it. */
  readonly countedSamples?: number;
}

/**
 * The root of a loss's curvature at an output: the squares of its gradients make the diagonal of the Gauss-Newton
 * matrix J^T (d^2 l / d f^2) J, sample by sample. Of a cross entropy that is the gradient of each class's own loss,
 * times the root of its probability (the true Fisher), taken of logits as {@link LossObjective} says; of `mse` each
 * output times the root of 2 / their number. The loss's targets do not matter.
 */
export interface LossCurvature {
  readonly kind: 'loss-curvature';
  readonly loss: LossObjective;
}

/** What one number can be made of the outputs of a batch by. */
export type Objective = LossObjective | LossSum | WeightedOutputs;

/** How operators behave that differ in training: batch normalization and dropout. */
export type NetworkMode =
  | { readonly kind: 'inference' }
  | {
      readonly kind: 'training';
      /** Of dropout: the same seed drops the same elements. */
      readonly seed: number;
    };

export interface GradientRequest {
  readonly inputs: readonly DenseArray[];
  readonly objective: Objective;
  /** Names of tensors of the file. */
  readonly parameters?: readonly string[];
  /** Ids of values: activations, and inputs of the graph. */
  readonly activations?: readonly string[];
  /** Inference without it; running statistics are left as they are. */
  readonly mode?: NetworkMode;
}

export interface Gradients {
  /** The value of the objective. */
  readonly objective: number;
  /** Outputs of the graph, in its order. */
  readonly outputs: readonly DenseArray[];
  /** By tensor name, in the shape of the tensor. */
  readonly parameters: ReadonlyMap<string, DenseArray>;
  /** By value id. */
  readonly activations: ReadonlyMap<string, ActivationGradient>;
}

/** A value of the graph with the gradient with respect to it. */
export interface ActivationGradient {
  readonly value: DenseArray;
  readonly gradient: DenseArray;
}

export interface SquaredGradientRequest {
  readonly inputs: readonly DenseArray[];
  readonly objective: LossObjective | LossSum | EachOutput | LossCurvature;
  readonly parameters: readonly string[];
}

/** One batch, an objective, and the direction in which the parameters move. */
export interface HessianVectorRequest {
  readonly inputs: readonly DenseArray[];
  readonly objective: LossObjective | LossSum;
  /** By tensor, in its shape and C order: v. */
  readonly vectors: ReadonlyMap<string, Float32Array>;
  /** Whose part of H v is wanted; that of the tensors with vectors without it. */
  readonly parameters?: readonly string[];
}

/**
 * Rules of how a step follows from gradients, with the defaults of their papers and of Keras.
 * Sources: Kingma and Ba, Adam, 2015; Loshchilov and Hutter, Decoupled weight decay, 2019; Sutskever et al.,
 * On the importance of initialization and momentum, 2013.
 */
export type Optimizer =
  | {
      readonly kind: 'adam';
      /** 0.9 without it. */
      readonly beta1?: number;
      /** 0.999 without it. */
      readonly beta2?: number;
      /** 1e-7 without it. */
      readonly epsilon?: number;
      /** Decoupled (AdamW); none without it. */
      readonly weightDecay?: number;
    }
  | {
      readonly kind: 'sgd';
      /** None without it. */
      readonly momentum?: number;
      readonly nesterov?: boolean;
      /** Added to the gradient; none without it. */
      readonly weightDecay?: number;
    };

export interface TrainingOptions {
  readonly optimizer: Optimizer;
  /** Names of the tensors that are trained; all others stay as they are. */
  readonly parameters: readonly string[];
  /** By tensor, an entry a weight in the file's layout: where 0 the weight is zero, and stays so. */
  readonly masks?: ReadonlyMap<string, Uint8Array>;
  /**
   * Training mode without it: dropout, batch normalization by the statistics of the batch, running
   * statistics updated. In inference the network is trained as it is run.
   */
  readonly mode?: NetworkMode['kind'];
  readonly seed: number;
}

export interface TrainingStep {
  readonly inputs: readonly DenseArray[];
  readonly objective: LossObjective;
  readonly learningRate: number;
}

/** The state of a training: moments of the optimizer, masks, how many steps there were. */
export interface Trainer {
  /** Steps made. */
  readonly steps: number;
  /**
   * One step, on the engine. @returns the loss before it.
   * @throws as {@link DifferentiableExecutor.gradients} does; the parameters are then as before.
   */
  step(step: TrainingStep, signal?: CancelSignal): Promise<number>;
  /** Frees the optimizer's state; the parameters stay as trained. */
  dispose(): void;
}
