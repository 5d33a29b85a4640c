import type { ReconstructRequest, ScoreFacts, ScoreRequest } from '../core/criteria/scoringPort';
import type { ComparedEvaluations } from '../core/evaluation/comparison';
import type { EvaluateManyRequest, ManyEvaluations } from '../core/evaluation/evaluateMany';
import type { CompareRequest, EvaluateRequest } from '../core/evaluation/evaluateRequest';
import type { Evaluation } from '../core/evaluation/evaluation';
import type { EngineChoice } from '../core/graph/engineChoice';
import type { ProgressReport } from '../core/progress';
import type { Architecture } from '../core/recipe/recipe';

/**
 * What the worker (and the command line) asks of a compute child: everything that runs a network.
 * One request a child; the child ends with it, and its wasm heap with the child. Every request can be
 * repeated with a smaller batch, where the child ran out of memory.
 */
export interface JobRequests {
  readonly evaluate: {
    readonly params: EvaluateRequest;
    /** Null where the data has no labels. */
    readonly result: Evaluation | null;
  };
  /** Two models on the same samples, batch by batch in turn. */
  readonly compare: {
    readonly params: CompareRequest;
    readonly result: ComparedEvaluations;
  };
  /** One model under many cuts, each held against the original. */
  readonly evaluateMany: {
    readonly params: EvaluateManyRequest;
    readonly result: ManyEvaluations;
  };
  readonly run: {
    readonly params: {
      readonly path: string;
      readonly architecture: Architecture | null;
      /** An npz with the inputs, by name or else by position. */
      readonly inputs: string;
      /** The npz to write: every output of the graph by name, in the graph's order. */
      readonly output: string;
      /** Absent: the first engine that can run the model, without the native one. */
      readonly engine?: EngineChoice;
      /** The batch is cut down by this much; 1 when absent. */
      readonly batchDivisor?: number;
    };
    readonly result: {
      readonly outputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
    };
  };
  /** Scores tensors on data and writes them to `output`, an npz with an array for each. */
  readonly score: {
    readonly params: ScoreRequest & { readonly output: string };
    readonly result: ScoreFacts;
  };
  /** Decides what goes, or is told, updates what stays, and writes the new weights to `output`. */
  readonly reconstruct: {
    readonly params: ReconstructRequest & { readonly output: string };
    readonly result: ScoreFacts;
  };
  /** The engines that come with us, in words. */
  readonly describeEngines: {
    readonly params: Readonly<Record<string, never>>;
    readonly result: { readonly tfjs: string; readonly onnxruntime: string };
  };
  /** A smoke test of the native engine: a library that does not fit the machine may end the process. */
  readonly checkNativeEngine: {
    readonly params: { readonly folder: string };
    /** In words, e.g. `TensorFlow.js native (@tensorflow/tfjs-node 4.22.0)`. */
    readonly result: { readonly engine: string };
  };
}

export type JobMethod = keyof JobRequests;
export type JobParams<M extends JobMethod> = JobRequests[M]['params'];
export type JobResult<M extends JobMethod> = JobRequests[M]['result'];

/** What comes while a job runs. */
export type JobProgress = ProgressReport;
