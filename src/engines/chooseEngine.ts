import { UnsupportedError } from '../core/errors';
import { DEFAULT_ENGINE, type EngineChoice } from '../core/graph/engineChoice';
import type { Executor } from '../core/graph/executor';
import type { Graph } from '../core/graph/graph';
import { opaqueOperators } from '../core/graph/opaqueOperators';
import type { Model } from '../core/model/model';
import type { PlanEntry } from '../core/report/plan';
import { FallbackExecutor, isRefusal } from './fallbackExecutor';
import { createOnnxExecutor } from './onnxruntime/createOnnxExecutor';
import { runnableGraph, runsOnOnnxRuntime } from './runnableGraph';
import { createTfjsExecutor } from './tfjs/createTfjsExecutor';
import { startEngine } from './tfjsNode/startEngine';
import { unsupportedOperators } from './unsupportedOperators';

/** What is to be run, and on which engine. */
export interface EngineRequest {
  /** Applied to the weights as they are read; empty: the model as it is. */
  readonly cuts: readonly PlanEntry[];
  readonly choice?: EngineChoice | undefined;
  /** Of the inputs, with the batch first, where they are known: then more graphs can be run. */
  readonly inputShapes?: readonly (readonly number[])[];
}

/**
 * Makes a model ready to run on the engine that was asked for, or on the first that can: our own executor,
 * and for ONNX files ONNX Runtime. The executor's `engine` says which it is.
 * @throws UnsupportedError where the engine, or each of them, cannot run the model: with operator and node;
 *   FormatError, IoError as reading does.
 */
export async function createExecutor(model: Model, request: EngineRequest): Promise<Executor> {
  const { preference } = request.choice ?? DEFAULT_ENGINE;
  if (preference === 'onnxruntime') return onOnnxRuntime(model, request);
  if (preference !== 'auto' || !runsOnOnnxRuntime(model)) return onTfjs(model, request);
  return onTheFirstThatCan(model, request);
}

/**
 * ONNX Runtime steps in where our executor meets something that it does not know, or our reader something
 * that it does not understand: also later, when it first sees the shapes of a batch.
 */
async function onTheFirstThatCan(model: Model, request: EngineRequest): Promise<Executor> {
  const fallback = (): Promise<Executor> => onOnnxRuntime(model, request);
  let own: Executor;
  try {
    own = await onTfjs(model, request);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return instead(error, fallback);
  }
  return new FallbackExecutor(own, (error) => instead(error, fallback));
}

/** The other engine; where that refuses, too, the first refusal counts, which names operator and node. */
async function instead(refusal: Error, fallback: () => Promise<Executor>): Promise<Executor> {
  try {
    return because(await fallback(), refusal);
  } catch (error) {
    throw isRefusal(error) ? refusal : error;
  }
}

/** The same executor, whose engine says why it is not the one that comes first. */
function because(executor: Executor, refusal: Error): Executor {
  const found = refusal instanceof UnsupportedError ? refusal.detail.found : refusal.message;
  return {
    engine: `${executor.engine}; TensorFlow.js was not used: ${found}`,
    run: (inputs, signal) => executor.run(inputs, signal),
    dispose: () => executor.dispose(),
  };
}

async function onTfjs(model: Model, request: EngineRequest): Promise<Executor> {
  const graph = loweredGraph(model, request);
  if (graph !== undefined && !isExecutable(graph)) {
    throw unsupportedOperators(graph, '; in ONNX files those of ONNX Runtime too');
  }
  await startEngine(request.choice ?? DEFAULT_ENGINE);
  return createTfjsExecutor(model, request.cuts);
}

function onOnnxRuntime(model: Model, { cuts }: EngineRequest): Promise<Executor> {
  if (!runsOnOnnxRuntime(model)) {
    throw new UnsupportedError({
      feature: 'ONNX Runtime',
      found: model.formatLabel,
      supported: 'ONNX files',
    });
  }
  return createOnnxExecutor(model, runnableGraph(model), cuts);
}

function loweredGraph(model: Model, { inputShapes }: EngineRequest): Graph | undefined {
  if (model.graph === undefined || inputShapes === undefined) return model.graph;
  return model.lowerGraph?.(inputShapes) ?? model.graph;
}

function isExecutable(graph: Graph | undefined): boolean {
  return graph !== undefined && opaqueOperators(graph).length === 0;
}
