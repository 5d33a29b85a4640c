import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedError, UsageError } from '../../core/errors';
import type { DenseArray } from '../../core/graph/executor';
import type { Graph, GraphParameter } from '../../core/graph/graph';
import { cutsByTensor } from '../../core/model/applyCut';
import { withLayerMask } from '../../core/model/layerMasks';
import { type Model, tensorNamed } from '../../core/model/model';
import type { PlanEntry, TensorCut } from '../../core/report/plan';
import type { AxisOrder } from './axisOrder';
import { downloadHeld } from './download';
import { chooseEngineLayouts, type EngineLayouts } from './engineLayouts';
import { MAX_WEIGHT_BYTES } from './limits';
import { readParameter } from './parameterValues';

/**
 * The parameters of a model on the engine, by value id. Each is read when a graph first asks for it, with the
 * cuts applied, and held once, in the order of axes that the engine wants.
 */
export class Parameters {
  private readonly tensors = new Map<string, tf.Tensor>();
  private readonly known = new Map<string, GraphParameter>();
  private readonly layouts = new Map<string, AxisOrder>();
  private readonly cutOf: ReadonlyMap<string, TensorCut>;
  private bytes = 0;

  constructor(
    private readonly model: Model,
    cuts: readonly PlanEntry[],
  ) {
    this.cutOf = cutsByTensor(cuts);
  }

  /** In which order of axes parameters are held, once {@link load} has seen the graph. */
  get engineLayouts(): EngineLayouts {
    return this.layouts;
  }

  /** Ranks of the graph's parameters, by value id. */
  ranksOf(graph: Graph): ReadonlyMap<string, number> {
    return new Map(
      graph.parameters.map(({ value, tensor }) => [
        value,
        tensorNamed(this.model, tensor).shape.length,
      ]),
    );
  }

  /**
   * Reads what the graph needs and is not there yet.
   * @throws UnsupportedError beyond MAX_WEIGHT_BYTES; FormatError, IoError as reading does.
   */
  async load(graph: Graph): Promise<void> {
    const missing = graph.parameters.filter(({ value }) => !this.known.has(value));
    this.bytes += this.assertFits(missing);
    for (const [value, permutation] of chooseEngineLayouts(graph, this.ranksOf(graph))) {
      if (!this.known.has(value)) this.layouts.set(value, permutation);
    }
    for (const parameter of missing) {
      const planned = this.cutOf.get(parameter.tensor) ?? null;
      const cut = await withLayerMask(this.model, parameter.tensor, planned);
      const read = await readParameter(this.model, parameter, cut);
      this.put(parameter.value, this.toEngine(parameter.value, read));
      this.known.set(parameter.value, parameter);
    }
  }

  /** Undefined for a value that is no parameter, or not loaded. Owned by the store. */
  get(value: string): tf.Tensor | undefined {
    return this.tensors.get(value);
  }

  /** Takes a tensor, in the engine's layout, in place of the parameter's; the old one is freed. */
  put(value: string, tensor: tf.Tensor): void {
    this.tensors.get(value)?.dispose();
    this.tensors.set(value, tf.keep(tensor));
  }

  /**
   * The value id under which a tensor's real numbers are read.
   * @throws UnsupportedError where it is read as codes alone; UsageError where it is not read at all.
   */
  valueOf(tensor: string): string {
    const readings = [...this.known.values()].filter(({ tensor: name }) => name === tensor);
    const numbers = readings.find(({ type, asCodes }) => type === 'float32' && asCodes !== true);
    if (numbers !== undefined) return numbers.value;
    if (readings.length === 0) throw new UsageError(`the graph reads no tensor ${tensor}`);
    throw new UnsupportedError({
      feature: `derivatives by ${tensor}`,
      found: 'a tensor that the graph reads as integer codes',
      supported:
        'weights that the graph reads as real numbers; for others a criterion by the weights alone such as magnitude, or wanda',
    });
  }

  /** Names of all tensors that are read as real numbers. */
  get floatTensors(): readonly string[] {
    return [...this.known.values()]
      .filter(({ type, asCodes }) => type === 'float32' && asCodes !== true)
      .map(({ tensor }) => tensor);
  }

  /** An array shaped as the engine holds the parameter, in the file's layout. Frees nothing. */
  async inFileLayout(value: string, tensor: tf.Tensor): Promise<DenseArray> {
    return downloadHeld(tensor, this.layouts.get(value));
  }

  /** A tensor in the file's layout as the engine wants it; the one given is freed. */
  toEngine(value: string, tensor: tf.Tensor): tf.Tensor {
    const permutation = this.layouts.get(value);
    if (permutation === undefined) return tensor;
    const turned = tf.transpose(tensor, [...permutation]);
    tensor.dispose();
    return turned;
  }

  /** The shape of a tensor in the file. */
  shapeOf(tensor: string): readonly number[] {
    return tensorNamed(this.model, tensor).shape;
  }

  dispose(): void {
    for (const tensor of this.tensors.values()) tensor.dispose();
    this.tensors.clear();
  }

  /** @returns the bytes that the missing ones take */
  private assertFits(missing: readonly GraphParameter[]): number {
    const bytes = missing.reduce(
      (sum, { tensor }) => sum + tensorNamed(this.model, tensor).elementCount * 4,
      0,
    );
    if (this.bytes + bytes <= MAX_WEIGHT_BYTES) return bytes;
    throw new UnsupportedError({
      feature: 'evaluation',
      found: `${this.bytes + bytes} bytes of weights`,
      supported: `at most ${MAX_WEIGHT_BYTES} bytes, for which WebAssembly has room`,
    });
  }
}
