import type { Criterion, CriterionOptions } from '../criteria/criterion';
import type { Granularity } from '../selection/granularity';

/**
 * What to do to a model, as a user writes it in `*.prune.json`, as the panel builds it and as the
 * command line's options spell it. Read by {@link parseRecipe}, which fills in the defaults.
 */
export interface Recipe {
  /** The model file, relative to the recipe's own folder. */
  readonly model?: string;
  /** Where the result goes, relative to the recipe's own folder. */
  readonly output?: string;
  readonly criterion: Criterion;
  /** What can be chosen within the criterion. */
  readonly options?: CriterionOptions;
  /** What goes together. `unit` when absent for criteria that rank units, `weight` for the others. */
  readonly granularity: Granularity;
  readonly scope: Scope;
  /** How the target is shared out among the layers; as the scope says when absent. */
  readonly allocation?: Allocation;
  /** No layer loses more than this share of its weights; what it keeps, others give. */
  readonly maxLayerSparsity?: number;
  /** Share of the prunable weights to remove, 0 to 1. Exactly one of the targets is set, up to `maxBytes`. */
  readonly sparsity?: number;
  /** tau: weights with a score of at most this are removed. */
  readonly threshold?: number;
  /** q of `std`: in each layer, weights with a score of at most q standard deviations of its weights go. */
  readonly stdFactor?: number;
  /** The multiply-accumulates of a sample that remain, as a share of all, 0 to 1; zeros are not counted. */
  readonly macs?: number;
  /** The packed size that remains, in bytes. */
  readonly maxBytes?: number;
  /** alpha: after that, a unit whose remaining weights have an L2 norm below this is zeroed with its bias. */
  readonly unitThreshold?: number;
  /** In how many steps; all at once when absent. */
  readonly schedule?: Schedule;
  /** How the weights that remain are updated, so that each layer's output on the data changes least. */
  readonly reconstruction?: Reconstruction;
  /** An npz (relative to the recipe's own folder) that says what stays (not 0) and what goes (0). */
  readonly mask?: string;
  readonly seed: number;
  /** Globs over layer names; when given, only these layers are pruned. */
  readonly only: readonly string[];
  /** Globs over layer names that are left as they are. */
  readonly exclude: readonly string[];
  /** Layers that the user locked, by exact name. */
  readonly lock: readonly string[];
  /** Settings of single layers, by exact name; they win over the rest. */
  readonly layers: Readonly<Record<string, LayerSetting>>;
  /** Whose convention guessed layers follow: outputs first (PyTorch) or last (Keras). */
  readonly layout?: UnitLayout;
  /** What the model is evaluated on. */
  readonly data?: DataRecipe;
  /** What scores are found on, and weights updated; `data` when absent. */
  readonly calibration?: DataRecipe;
  readonly architecture?: Architecture;
  readonly bounds?: Bounds;
}

export type { Criterion, CriterionOptions } from '../criteria/criterion';
export type { Granularity } from '../selection/granularity';

export type Scope = 'global' | 'layer';

/**
 * How a model's sparsity becomes that of its layers.
 *
 * - `uniform`: the same for all. `uniform-plus`: the first convolution stays, the last dense layer keeps a fifth.
 * - `erk`: by the sizes of a layer's axes (Erdos-Renyi kernel). `lamp`: by LAMP scores.
 * - `sensitivity`: by how much each layer alone costs on the data.
 */
export const ALLOCATIONS = ['uniform', 'uniform-plus', 'erk', 'lamp', 'sensitivity'] as const;
export type Allocation = (typeof ALLOCATIONS)[number];

export const SCHEDULE_KINDS = ['linear', 'agp', 'cosine', 'exponential'] as const;
export type ScheduleKind = (typeof SCHEDULE_KINDS)[number];

/** Sparsity grows in steps; what is left is scored anew at each. */
export interface Schedule {
  readonly kind: ScheduleKind;
  readonly steps: number;
}

/** `least-squares`: the best weights on the support that is left, of each unit by itself. */
export interface Reconstruction {
  readonly kind: 'least-squares';
  /** Added to the diagonal of X X^T, as a share of its mean; 0.01 when absent. */
  readonly damping?: number;
}

/** Which end of a kernel its units lie on: the first axis as in PyTorch, the last as in Keras. */
export type UnitLayout = 'torch' | 'keras';

/** A layer's own target. An empty setting means: as the plan says. */
export interface LayerSetting {
  readonly sparsity?: number;
  readonly threshold?: number;
  readonly granularity?: Granularity;
  /** null switches alpha off for this layer. */
  readonly unitThreshold?: number | null;
  /** The axis of the weight that counts the units, from 0, where the file leaves it to be guessed. */
  readonly unitAxis?: number;
}

export type Loss = 'ce' | 'ce-logits' | 'mse';

/** Where the data lies and how it becomes the network's input. */
export interface DataRecipe {
  /** A file or a folder of data, relative to the recipe's own folder. */
  readonly file: string;
  /** Arrays, columns, fields or files beside that are the inputs. Guessed when absent. */
  readonly inputs?: readonly string[];
  /**
   * Arrays, columns, fields or files beside with the expected outputs, several in the order of the
   * outputs; a column also by its index, as text. An empty list: there are none.
   */
  readonly labels?: string | readonly string[];
  /** A part of the data: by its name (arrays `x_NAME` and `y_NAME`, a folder NAME), or drawn by chance. */
  readonly split?: string | RandomSplit;
  /** From the first row (counted from 0) up to, not with, the second; negative counts from the end. */
  readonly rows?: readonly [number | null, number | null];
  /** Only some of the rows that rows and split leave. All when absent. */
  readonly sample?: SampleChoice;
  /** The seed of the order in which samples come; in the data's order when absent. */
  readonly shuffle?: number;
  /** Inputs are multiplied by this. */
  readonly scale?: number;
  /** Per channel: (x * scale - mean) / std. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** The order of the data's own axes, where it differs from the model's. */
  readonly layout?: 'nchw' | 'nhwc';
  /** How pictures become arrays. */
  readonly image?: ImageChoice;
  /** Whether a csv begins with the names of its columns. When absent: where no cell of it is a number. */
  readonly header?: boolean;
  /** One character between the cells of a csv; the most frequent of comma, semicolon and tab when absent. */
  readonly delimiter?: string;
  /** Guessed from the model's last activation and the labels when absent. */
  readonly loss?: Loss;
  /** k of k-fold: mean and deviation over k parts of the data. */
  readonly folds?: number;
  /** k of top-k accuracy; 5 when absent. */
  readonly topK?: number;
  /** Class names in the order of the outputs, for labels in words. Sorted when absent. */
  readonly classNames?: readonly string[];
}

/** A share of the rows that the seed alone draws, so that it and the rest never meet. */
export interface RandomSplit {
  /** Of the rows, between 0 and 1; rounded half to even. */
  readonly fraction: number;
  readonly seed: number;
  /** True: the rows that were not drawn. */
  readonly rest?: boolean;
}

export interface SampleChoice {
  readonly count: number;
  /** Draws at random; the first rows when absent. */
  readonly seed?: number;
  /** As many of each class, as far as there are. */
  readonly balanced?: boolean;
}

/** What is done to a picture before it is scaled. */
export interface ImageChoice {
  /** [height, width]; the model's when absent. */
  readonly size?: readonly [number, number];
  /** `stretch` when absent; `crop` keeps the proportions and cuts out the middle. */
  readonly resize?: 'stretch' | 'crop';
  /** What the model takes when absent. */
  readonly channels?: 'grey' | 'rgb' | 'rgba';
  /** Averages where a picture gets smaller, as Pillow and torchvision do; Keras does not. */
  readonly antialias?: boolean;
}

/** How the tensors of a file without a graph are connected. */
export type Architecture = DenseArchitecture | BorrowedArchitecture;

/** As in another file of the same network, which has a graph. */
export interface BorrowedArchitecture {
  /** Its path; a relative one from the folder of the file of weights. */
  readonly graphOf: string;
  /** By the name of a tensor there: what the file of weights calls it. Tensors of one name need no entry. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Dense layers, one after the other. */
export interface DenseArchitecture {
  /** Whether kernels are stored [in, out] (NumPy, Keras) or [out, in] (PyTorch). */
  readonly axisOrder: 'in-out' | 'out-in';
  readonly layers: readonly ArchitectureLayer[];
}

export interface ArchitectureLayer {
  /** The layer's name; by default the kernel tensor's name without its ending. */
  readonly name?: string;
  readonly kernel: string;
  readonly bias?: string;
  /** As Keras names it; `linear` when absent. */
  readonly activation?: string;
}

/** What must hold on the written file; otherwise it is not kept. */
export interface Bounds {
  /** The largest accepted loss of accuracy, as a share (0.005 = half a point). */
  readonly accuracyDrop?: number;
  /** The largest accepted rise of the loss. */
  readonly lossIncrease?: number;
}
