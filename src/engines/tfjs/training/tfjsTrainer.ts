import * as tf from '@tensorflow/tfjs-core';
import { UsageError } from '../../../core/errors';
import type { Trainer, TrainingOptions, TrainingStep } from '../../../core/graph/executor';
import type { CancelSignal } from '../../../core/progress';
import type { Parameters } from '../parameters';
import type { TrainingRun } from './nodeRunners';
import { type Moments, stepParameter } from './optimizers';
import { RunningStatistics } from './runningStatistics';

/** Gradients of a loss over one batch, on the engine, as it holds the parameters. The caller frees them. */
export interface BatchGradients {
  readonly loss: number;
  /** By value id. */
  readonly parameters: ReadonlyMap<string, tf.Tensor>;
}

/** What a trainer asks of the executor. */
export interface TrainingEngine {
  readonly parameters: Parameters;
  /** Makes sure that the graph for these inputs and its parameters are there. */
  prepare(inputs: TrainingStep['inputs']): Promise<unknown>;
  differentiate(request: BatchRequest, signal: CancelSignal | undefined): Promise<BatchGradients>;
}

export interface BatchRequest extends Pick<TrainingStep, 'inputs' | 'objective'> {
  /** Value ids. */
  readonly parameters: readonly string[];
  /** Null: in inference. */
  readonly training: TrainingRun | null;
}

/** Trains the parameters of an executor in place. */
export class TfjsTrainer implements Trainer {
  private stepCount = 0;
  private readonly moments = new Map<string, Moments>();
  private masks: ReadonlyMap<string, tf.Tensor> | null = null;

  constructor(
    private readonly engine: TrainingEngine,
    private readonly options: TrainingOptions,
  ) {}

  get steps(): number {
    return this.stepCount;
  }

  async step(step: TrainingStep, signal?: CancelSignal): Promise<number> {
    await this.engine.prepare(step.inputs);
    this.masks ??= this.applyMasks();
    const { parameters } = this.engine;
    const values = this.options.parameters.map((tensor) => parameters.valueOf(tensor));
    const statistics = new RunningStatistics(parameters);
    try {
      const { inputs, objective } = step;
      const request = {
        inputs,
        objective,
        parameters: values,
        training: this.training(statistics),
      };
      const gradients = await this.engine.differentiate(request, signal);
      this.apply(gradients, step.learningRate);
      statistics.update();
      return gradients.loss;
    } finally {
      statistics.dispose();
    }
  }

  dispose(): void {
    for (const tensor of [...this.moments.values()].flat()) tensor.dispose();
    this.moments.clear();
    for (const mask of this.masks?.values() ?? []) mask.dispose();
    this.masks = null;
  }

  private training(statistics: RunningStatistics): TrainingRun | null {
    if (this.options.mode === 'inference') return null;
    // Other steps drop other elements.
    const seed = this.options.seed + Math.imul(this.stepCount, 0x9e3779b1);
    return {
      seed,
      onStatistics: (node, batch) => {
        statistics.add(node, batch);
      },
    };
  }

  private apply({ parameters: gradients }: BatchGradients, learningRate: number): void {
    this.stepCount++;
    for (const [value, gradient] of gradients) {
      const parameter = this.engine.parameters.get(value);
      if (parameter === undefined) throw new Error(`parameter ${value} is not loaded`);
      const mask = this.masks?.get(value);
      const step = { parameter, gradient, learningRate, step: this.stepCount };
      const moments = this.moments.get(value) ?? null;
      const [stepped, ...kept] = tf.tidy(() => {
        const after = stepParameter(this.options.optimizer, { ...step, moments });
        const masked = mask === undefined ? after.parameter : tf.mul(after.parameter, mask);
        return [masked, ...after.moments];
      });
      gradient.dispose();
      for (const old of moments ?? []) old.dispose();
      this.moments.set(
        value,
        kept.map((tensor) => tf.keep(tensor)),
      );
      this.engine.parameters.put(value, stepped);
    }
  }

  /** Uploads the masks, and zeroes what they take. @throws UsageError for one of another size. */
  private applyMasks(): ReadonlyMap<string, tf.Tensor> {
    const { parameters } = this.engine;
    const masks = new Map<string, tf.Tensor>();
    for (const [tensor, mask] of this.options.masks ?? []) {
      const value = parameters.valueOf(tensor);
      const parameter = parameters.get(value);
      if (parameter?.size !== mask.length) {
        throw new UsageError(
          `mask of ${tensor}: found ${mask.length} entries; the tensor has ${parameter?.size ?? 0}`,
        );
      }
      const flags = Float32Array.from(mask, (kept) => Number(kept !== 0));
      const uploaded = tf.tensor(flags, [...parameters.shapeOf(tensor)]);
      const held = tf.keep(parameters.toEngine(value, uploaded));
      masks.set(value, held);
      parameters.put(value, tf.mul(parameter, held));
    }
    return masks;
  }
}
