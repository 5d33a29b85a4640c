import type { Graph } from '../../core/graph/graph';
import { inferShapes, type ValueShapes } from '../../core/graph/inferShapes';
import { productOf } from '../../core/graph/shapes/valueFacts';
import type { Model } from '../../core/model/model';

/** A graph as it is run on a batch. */
export interface BatchGraph {
  readonly model: Model;
  readonly declared: Graph;
  readonly shapes: ValueShapes;
  readonly inputShapes: readonly (readonly number[])[];
  /** The network takes batches of this size only. */
  readonly isFixed: boolean;
}

/** Finds where in a value the samples of a batch lie; recurrent layers do not always have them in front. */
export class SampleAxes {
  /** Of the batch. */
  readonly sampleCount: number;
  private larger: ValueShapes | null = null;

  constructor(private readonly batch: BatchGraph) {
    this.sampleCount = batch.inputShapes[0]?.[0] ?? 1;
  }

  /**
   * How many elements of one sample lie together, in C order. Where no axis has as many elements as there are
   * samples, each sample has several rows of the first.
   * @param unitAxis counts units, not samples
   */
  innerOf(value: string, unitAxis: number): number {
    const shape = this.batch.shapes.get(value)?.shape ?? [];
    const alike = [...shape.keys()].filter(
      (axis) => axis !== unitAxis && shape[axis] === this.sampleCount,
    );
    const [first] = alike;
    if (first === undefined) return productOf(shape) / this.sampleCount;
    const axis = alike.length > 1 ? this.growing(value, alike) : undefined;
    return productOf(shape.slice((axis ?? first) + 1));
  }

  /** Of several axes of the batch's size the one that is longer in a larger batch. */
  private growing(value: string, axes: readonly number[]): number | undefined {
    // Of one sample every element is its own; a fixed size cannot grow.
    if (this.batch.isFixed || this.sampleCount === 1) return undefined;
    this.larger ??= this.shapesOfLarger();
    const shape = this.larger.get(value)?.shape;
    return axes.find((axis) => shape?.[axis] === this.sampleCount + 1);
  }

  private shapesOfLarger(): ValueShapes {
    const { model, declared, inputShapes } = this.batch;
    const shapes = inputShapes.map(([, ...rest]) => [this.sampleCount + 1, ...rest]);
    return inferShapes(model.lowerGraph?.(shapes) ?? declared, model.tensors, shapes);
  }
}
