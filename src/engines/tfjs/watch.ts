import * as tf from '@tensorflow/tfjs-core';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { UsageError } from '../../core/errors';
import { type ObservedValue, unreadOutput, type ValueObserver } from '../../core/graph/executor';
import type { GraphNode } from '../../core/graph/graph';
import type { AxisOrder } from './axisOrder';
import type { GraphValues } from './forwardPass';
import type { PreparedGraph } from './preparedGraph';

/** Shows the values of a forward pass to those who want to see them. */
export class Watch {
  /** @throws UsageError for a value that the graph does not have. */
  constructor(
    private readonly prepared: PreparedGraph,
    private readonly observers: ReadonlyMap<string, ValueObserver>,
  ) {
    const { graph } = prepared;
    const known = new Set([
      ...graph.inputs.map(({ value }) => value),
      ...graph.nodes.flatMap((node) => node.outputs.map((_, i) => nameOf(node, i))),
    ]);
    for (const value of observers.keys()) {
      if (!known.has(value)) throw new UsageError(`the graph has no value ${value}`);
    }
  }

  showInputs(values: GraphValues): void {
    for (const { value } of this.prepared.graph.inputs) {
      this.observers.get(value)?.(observed(values.get(value), undefined));
    }
  }

  show(node: GraphNode, index: number, output: tf.Tensor): void {
    const observer = this.observers.get(nameOf(node, index));
    if (observer === undefined) return;
    const order = this.prepared.layouts.get(node.outputs[index] ?? '');
    observer(observed(output, order));
  }
}

function nameOf({ id, outputs }: GraphNode, index: number): string {
  return outputs[index] ?? unreadOutput(id, index);
}

/** @param order in which its axes are held; undefined: the graph's */
function observed(tensor: tf.Tensor, order: AxisOrder | undefined): ObservedValue {
  const strides: number[] = [];
  const shape: number[] = [];
  let stride = 1;
  for (let held = tensor.shape.length - 1; held >= 0; held--) {
    const axis = order?.[held] ?? held;
    shape[axis] = tensor.shape[held] ?? 1;
    strides[axis] = stride;
    stride *= tensor.shape[held] ?? 1;
  }
  return { shape, strides, values: valuesInPlace(tensor) };
}

/** On the wasm heap itself; other engines give a copy. */
function valuesInPlace(tensor: tf.Tensor): ObservedValue['values'] {
  const backend = tf.backend();
  return backend instanceof BackendWasm ? backend.typedArrayFromHeap(tensor) : tensor.dataSync();
}
