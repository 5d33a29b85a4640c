import * as tf from '@tensorflow/tfjs-core';
import { UsageError } from '../../core/errors';
import type {
  ActivationGradient,
  DenseArray,
  DifferentiableExecutor,
  GradientRequest,
  Gradients,
  HessianVectorRequest,
  SquaredGradientRequest,
  Trainer,
  TrainingOptions,
  ValueObserver,
} from '../../core/graph/executor';
import type { Graph } from '../../core/graph/graph';
import type { CancelSignal } from '../../core/progress';
import { download, downloadHeld } from './download';
import { bindInputs, GraphValues, runForward } from './forwardPass';
import type { GradientSums } from './gradients/backwardPass';
import { differentiate, type Differentiated } from './gradients/differentiate';
import { hessianVectorProduct } from './gradients/hessianVectorProduct';
import { sumSquaredGradients } from './gradients/squaredGradients';
import type { LoweredGraphs } from './loweredGraphs';
import type { Parameters } from './parameters';
import type { PhysicalLayouts } from './physicalLayout';
import { inInference } from './training/nodeRunners';
import { type BatchGradients, type BatchRequest, TfjsTrainer } from './training/tfjsTrainer';
import { Turns } from './turns';
import { Watch } from './watch';

/** Runs and differentiates a model's graph on TensorFlow.js, on whichever backend was started. */
export class TfjsExecutor implements DifferentiableExecutor {
  constructor(
    readonly engine: string,
    private readonly graphs: LoweredGraphs,
    private readonly parameters: Parameters,
  ) {}

  async run(inputs: readonly DenseArray[], signal?: CancelSignal): Promise<readonly DenseArray[]> {
    const prepared = await this.graphs.graphFor(inputs);
    const values = new GraphValues(prepared, this.parameters);
    try {
      bindInputs(prepared.graph, inputs, values);
      const turns = new Turns(signal);
      await runForward({ prepared, values, runNode: inInference, kept: new Set(), turns });
      return await downloadOutputs(prepared.graph, values);
    } finally {
      values.dispose();
    }
  }

  async activations(
    inputs: readonly DenseArray[],
    wanted: readonly string[],
    signal?: CancelSignal,
  ): Promise<ReadonlyMap<string, DenseArray>> {
    const prepared = await this.graphs.graphFor(inputs);
    assertValues(prepared.graph, wanted);
    const values = new GraphValues(prepared, this.parameters);
    try {
      bindInputs(prepared.graph, inputs, values);
      const turns = new Turns(signal);
      await runForward({ prepared, values, runNode: inInference, kept: new Set(wanted), turns });
      const found = new Map<string, DenseArray>();
      for (const value of wanted) {
        const tensor = values.get(value);
        found.set(value, await downloadHeld(tensor, prepared.layouts.get(value)));
      }
      return found;
    } finally {
      values.dispose();
    }
  }

  async observe(
    inputs: readonly DenseArray[],
    observers: ReadonlyMap<string, ValueObserver>,
    signal?: CancelSignal,
  ): Promise<void> {
    const prepared = await this.graphs.graphFor(inputs);
    const watch = new Watch(prepared, observers);
    const values = new GraphValues(prepared, this.parameters);
    try {
      bindInputs(prepared.graph, inputs, values);
      watch.showInputs(values);
      const turns = new Turns(signal);
      const onOutput = watch.show.bind(watch);
      await runForward({
        prepared,
        values,
        runNode: inInference,
        kept: new Set(),
        turns,
        onOutput,
      });
    } finally {
      values.dispose();
    }
  }

  async gradients(request: GradientRequest, signal?: CancelSignal): Promise<Gradients> {
    const { inputs, objective, parameters = [], activations = [], mode } = request;
    const prepared = await this.graphs.graphFor(inputs);
    assertValues(prepared.graph, activations);
    const tensors = parameters.map((tensor) => [tensor, this.parameters.valueOf(tensor)] as const);
    const run = await differentiate({
      prepared,
      parameters: this.parameters,
      inputs,
      objective,
      wanted: [...tensors.map(([, value]) => value), ...activations],
      training: mode?.kind === 'training' ? { seed: mode.seed } : null,
      turns: new Turns(signal),
    });
    try {
      const outputs = await downloadOutputs(prepared.graph, run.values);
      return {
        objective: run.objective,
        outputs,
        parameters: await this.parameterGradients(tensors, run.gradients),
        activations: await activationGradients(activations, run, prepared.layouts),
      };
    } finally {
      run.dispose();
    }
  }

  async squaredGradients(
    request: SquaredGradientRequest,
    signal?: CancelSignal,
  ): Promise<ReadonlyMap<string, DenseArray>> {
    await this.graphs.graphFor(request.inputs);
    const tensors = request.parameters.map(
      (tensor) => [tensor, this.parameters.valueOf(tensor)] as const,
    );
    const { parameters, graphs } = this;
    const wanted = tensors.map(([, value]) => value);
    const turns = new Turns(signal);
    const sums = await sumSquaredGradients({ parameters, graphs, request, wanted, turns });
    try {
      return await this.parameterGradients(tensors, sums);
    } finally {
      sums.dispose();
    }
  }

  async hessianVectorProduct(
    request: HessianVectorRequest,
    signal?: CancelSignal,
  ): Promise<ReadonlyMap<string, DenseArray>> {
    const { inputs, objective } = request;
    const prepared = await this.graphs.graphFor(inputs);
    const { parameters } = this;
    const names = request.parameters ?? [...request.vectors.keys()];
    const tensors = names.map((tensor) => [tensor, parameters.valueOf(tensor)] as const);
    const wanted = tensors.map(([, value]) => value);
    const vectors = new Map<string, tf.Tensor>();
    try {
      for (const [tensor, values] of request.vectors) {
        vectors.set(parameters.valueOf(tensor), this.upload(tensor, values));
      }
      const turns = new Turns(signal);
      const job = { prepared, parameters, inputs, objective, vectors, wanted, turns };
      const products = await hessianVectorProduct(job);
      try {
        return await this.parameterGradients(tensors, products);
      } finally {
        products.dispose();
      }
    } finally {
      for (const vector of vectors.values()) vector.dispose();
    }
  }

  train(options: TrainingOptions): Trainer {
    const { parameters, graphs } = this;
    const engine = {
      parameters,
      prepare: (inputs: readonly DenseArray[]) => graphs.graphFor(inputs),
      differentiate: (request: BatchRequest, signal?: CancelSignal) =>
        this.batchGradients(request, signal),
    };
    return new TfjsTrainer(engine, options);
  }

  async readParameters(tensors?: readonly string[]): Promise<ReadonlyMap<string, DenseArray>> {
    const { parameters } = this;
    await parameters.load(this.graphs.declared);
    const found = new Map<string, DenseArray>();
    for (const tensor of tensors ?? parameters.floatTensors) {
      const value = parameters.valueOf(tensor);
      found.set(tensor, await parameters.inFileLayout(value, this.parameter(value)));
    }
    return found;
  }

  async writeParameters(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    const { parameters } = this;
    await parameters.load(this.graphs.declared);
    for (const [tensor, array] of values) {
      parameters.put(parameters.valueOf(tensor), this.upload(tensor, array));
    }
  }

  dispose(): void {
    this.graphs.dispose();
    this.parameters.dispose();
  }

  /** Values shaped as a parameter, as the engine holds it. @throws UsageError where the size does not fit. */
  private upload(tensor: string, array: Float32Array): tf.Tensor {
    const { parameters } = this;
    const value = parameters.valueOf(tensor);
    const { size } = this.parameter(value);
    if (size !== array.length) {
      throw new UsageError(
        `parameter ${tensor}: found ${array.length} values; the tensor has ${size}`,
      );
    }
    // The engine may keep the array it is given.
    const uploaded = tf.tensor(array.slice(), [...parameters.shapeOf(tensor)]);
    return parameters.toEngine(value, uploaded);
  }

  private parameter(value: string): tf.Tensor {
    const tensor = this.parameters.get(value);
    if (tensor === undefined) throw new Error(`parameter ${value} is not loaded`);
    return tensor;
  }

  private async batchGradients(
    { inputs, objective, parameters: wanted, training }: BatchRequest,
    signal: CancelSignal | undefined,
  ): Promise<BatchGradients> {
    const prepared = await this.graphs.graphFor(inputs);
    const { parameters } = this;
    const turns = new Turns(signal);
    const run = await differentiate({
      prepared,
      parameters,
      inputs,
      objective,
      wanted,
      training,
      turns,
    });
    try {
      return { loss: run.objective, parameters: run.gradients.take(wanted) };
    } finally {
      run.dispose();
    }
  }

  /** Zeros for those that nothing came back to. */
  private async parameterGradients(
    tensors: readonly (readonly [tensor: string, value: string])[],
    gradients: GradientSums,
  ): Promise<ReadonlyMap<string, DenseArray>> {
    const found = new Map<string, DenseArray>();
    for (const [tensor, value] of tensors) {
      const gradient = gradients.get(value);
      const shape = this.parameters.shapeOf(tensor);
      found.set(
        tensor,
        gradient === undefined ? zeros(shape) : await this.parameters.inFileLayout(value, gradient),
      );
    }
    return found;
  }
}

async function activationGradients(
  activations: readonly string[],
  { values, gradients }: Differentiated,
  layouts: PhysicalLayouts,
): Promise<ReadonlyMap<string, ActivationGradient>> {
  const found = new Map<string, ActivationGradient>();
  for (const name of activations) {
    const tensor = values.get(name);
    if (tensor.dtype !== 'float32') {
      throw new UsageError(`value ${name} holds ${tensor.dtype}; only float32 has a gradient`);
    }
    const value = await downloadHeld(tensor, layouts.get(name));
    const gradient = gradients.get(name);
    found.set(name, {
      value,
      gradient:
        gradient === undefined
          ? zeros(value.shape)
          : await downloadHeld(gradient, layouts.get(name)),
    });
  }
  return found;
}

function zeros(shape: readonly number[]): DenseArray {
  return { shape, values: new Float32Array(shape.reduce((size, n) => size * n, 1)) };
}

async function downloadOutputs(graph: Graph, values: GraphValues): Promise<readonly DenseArray[]> {
  return Promise.all(graph.outputs.map(({ value }) => download(values.get(value))));
}

/** @throws UsageError for a value that is neither an input nor made by a node. */
function assertValues(graph: Graph, wanted: readonly string[]): void {
  const known = new Set([
    ...graph.inputs.map(({ value }) => value),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  for (const value of wanted) {
    if (!known.has(value)) throw new UsageError(`the graph has no value ${value}`);
  }
}
