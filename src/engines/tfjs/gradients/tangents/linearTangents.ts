import * as tf from '@tensorflow/tfjs-core';
import { inputOf, type KernelRun, outputOf, type TangentRule } from './kernelRun';

/** Kernels that are linear in one input, under its name: the tangent goes through the kernel itself. */
const IN_ONE: Readonly<Record<string, string>> = {
  AvgPool: 'x',
  AvgPoolGrad: 'dy',
  BroadcastTo: 'x',
  Cast: 'x',
  Cumsum: 'x',
  DepthToSpace: 'x',
  ExpandDims: 'input',
  GatherV2: 'x',
  MaxPoolGrad: 'dy',
  Mean: 'x',
  MirrorPad: 'x',
  Neg: 'x',
  Reshape: 'x',
  Reverse: 'x',
  Slice: 'x',
  SplitV: 'x',
  StridedSlice: 'x',
  Sum: 'x',
  Tile: 'x',
  Transpose: 'x',
  Unpack: 'value',
  UnsortedSegmentSum: 'x',
};

/** Kernels that are linear in all of a list of inputs. */
const IN_ALL = ['AddN', 'Concat', 'Pack'];

/** Kernels that are linear in each of two inputs; products, and the ways back of products. */
const IN_EACH: Readonly<Record<string, readonly [string, string]>> = {
  BatchMatMul: ['a', 'b'],
  Conv2D: ['x', 'filter'],
  Conv2DBackpropFilter: ['x', 'dy'],
  Conv2DBackpropInput: ['dy', 'filter'],
  DepthwiseConv2dNative: ['x', 'filter'],
  DepthwiseConv2dNativeBackpropFilter: ['x', 'dy'],
  DepthwiseConv2dNativeBackpropInput: ['dy', 'filter'],
  Multiply: ['a', 'b'],
};

/** Rules of kernels that are linear in their inputs, together or one by one. */
export function linearRules(): ReadonlyMap<string, TangentRule> {
  const rules = new Map<string, TangentRule>();
  for (const [kernel, input] of Object.entries(IN_ONE)) rules.set(kernel, throughKernel(input));
  for (const kernel of IN_ALL) rules.set(kernel, listThroughKernel);
  for (const [kernel, pair] of Object.entries(IN_EACH)) rules.set(kernel, ofProduct(pair));
  rules.set('Add', (run) => [sumOf(run, 1)]);
  rules.set('Sub', (run) => [sumOf(run, -1)]);
  rules.set('PadV2', paddedWithZeros);
  rules.set('Select', selected);
  return rules;
}

function throughKernel(name: string): TangentRule {
  return (run) => {
    const tangent = run.tangentOf(inputOf(run, name));
    if (tangent === null) return run.outputs.map(() => null);
    return run.again({ ...run.inputs, [name]: tangent });
  };
}

function listThroughKernel(run: KernelRun): tf.Tensor[] {
  const moved = Object.entries(run.inputs).map(([name, input]) => [
    name,
    run.tangentOf(input) ?? tf.zerosLike(input),
  ]);
  return run.again(Object.fromEntries(moved) as Record<string, tf.Tensor>);
}

/** The product rule. */
function ofProduct([first, second]: readonly [string, string]): TangentRule {
  return (run) => {
    const terms = [first, second].flatMap((name) => {
      const tangent = run.tangentOf(inputOf(run, name));
      return tangent === null ? [] : run.again({ ...run.inputs, [name]: tangent });
    });
    return [terms.length === 0 ? null : terms.reduce((a, b) => tf.add(a, b))];
  };
}

function sumOf(run: KernelRun, sign: 1 | -1): tf.Tensor | null {
  const [a, b] = [run.tangentOf(inputOf(run, 'a')), run.tangentOf(inputOf(run, 'b'))];
  const second = b === null || sign === 1 ? b : tf.neg(b);
  if (a === null || second === null) return spread(a ?? second, outputOf(run));
  return tf.add(a, second);
}

/** A tangent in the shape that broadcasting gave the output. */
function spread(tangent: tf.Tensor | null, { shape }: tf.Tensor): tf.Tensor | null {
  if (tangent === null || tf.util.arraysEqual(tangent.shape, shape)) return tangent;
  return tf.add(tangent, tf.zeros(shape));
}

function paddedWithZeros(run: KernelRun): readonly (tf.Tensor | null)[] {
  const tangent = run.tangentOf(inputOf(run, 'x'));
  if (tangent === null) return [null];
  return run.again({ x: tangent }, { ...run.attributes, constantValue: 0 });
}

function selected(run: KernelRun): readonly (tf.Tensor | null)[] {
  const moved = (name: string): tf.Tensor => {
    const input = inputOf(run, name);
    return run.tangentOf(input) ?? tf.zerosLike(input);
  };
  return run.again({ ...run.inputs, t: moved('t'), e: moved('e') });
}
