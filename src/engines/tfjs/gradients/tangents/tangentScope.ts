import * as tf from '@tensorflow/tfjs-core';
import { CHOICE_RULES } from './choiceTangents';
import { elementRules } from './elementTangents';
import type { KernelRun, TangentRule } from './kernelRun';
import { linearRules } from './linearTangents';

/** A kernel on the way has no rule for how its result moves. */
export class MissingTangentError extends Error {
  constructor(readonly kernel: string) {
    super(`kernel ${kernel} has no tangent`);
  }
}

const RULES: ReadonlyMap<string, TangentRule> = new Map([
  ...linearRules(),
  ...elementRules(),
  ...CHOICE_RULES,
]);

type Engine = ReturnType<typeof tf.engine>;

/**
 * Forward mode: while something is computed in the scope, each kernel that the engine runs also says how its result
 * moves, given how its inputs do. That holds for the engine's reverse mode as well, so that gradients come with
 * their own derivatives along the tangents (Pearlmutter, Fast exact multiplication by the Hessian, 1994).
 *
 * Tangents hang on the data of a tensor, which clones and reshaped views share with it.
 */
export class TangentScope {
  private readonly tangents = new Map<object, tf.Tensor>();
  /**
   * By data of a clone: that of what was cloned. A result is cloned for the way back before it is known how it
   * moves, and not every backend lets clones share their data.
   */
  private readonly clones = new Map<object, object>();
  private readonly owned: tf.Tensor[] = [];
  private isPaused = false;

  /** How a tensor moves; borrowed until the scope's end. */
  put(tensor: tf.Tensor, tangent: tf.Tensor): void {
    this.tangents.set(tensor.dataId, tangent);
  }

  /** A tangent as the caller's own; null where the tensor does not move. */
  take(tensor: tf.Tensor): tf.Tensor | null {
    const tangent = this.find(tensor);
    return tangent === undefined ? null : tf.keep(tf.reshape(tangent, tensor.shape));
  }

  /** Computes synchronously, carrying tangents along. @throws MissingTangentError. */
  run<T>(compute: () => T): T {
    const engine = tf.engine();
    const original = engine.runKernel.bind(engine);
    const carried = (
      kernel: string,
      inputs: tf.NamedTensorMap,
      attributes: tf.NamedAttrMap = {},
    ): tf.Tensor | tf.Tensor[] => {
      const made = original(kernel, inputs, attributes);
      if (this.isPaused) return made;
      const again: KernelRun['again'] = (others, changed = attributes) => {
        const list = Array.isArray(inputs) ? Object.values(others) : others;
        return listOf(original(kernel, list as tf.NamedTensorMap, changed));
      };
      this.carry({ kernel, inputs: { ...inputs }, attributes, outputs: listOf(made), again });
      return made;
    };
    engine.runKernel = carried as Engine['runKernel'];
    try {
      return compute();
    } finally {
      Reflect.deleteProperty(engine, 'runKernel');
    }
  }

  dispose(): void {
    for (const tangent of this.owned) tangent.dispose();
    this.owned.length = 0;
    this.tangents.clear();
    this.clones.clear();
  }

  private carry(run: Omit<KernelRun, 'tangentOf'>): void {
    const inputs = Object.values(run.inputs);
    if (run.kernel === 'Identity') {
      this.linkClones(inputs, run.outputs);
      return;
    }
    if (!inputs.some((input) => this.find(input) !== undefined)) return;
    const isShared = run.outputs.every((output) => this.find(output) !== undefined);
    if (isShared || run.outputs.every(({ dtype }) => dtype !== 'float32')) return;
    const rule = RULES.get(run.kernel);
    if (rule === undefined) throw new MissingTangentError(run.kernel);
    this.aside(() => {
      const moved = rule({ ...run, tangentOf: (tensor) => this.tangentOf(tensor) });
      run.outputs.forEach((output, i) => {
        const tangent = moved[i] ?? null;
        if (tangent !== null) this.own(output, tf.keep(tf.clone(tangent)));
      });
    });
  }

  /** What is computed here is neither carried along nor recorded on the engine's tape. */
  private aside(compute: () => void): void {
    const { state } = tf.engine();
    this.isPaused = true;
    state.kernelDepth++;
    try {
      tf.tidy(compute);
    } finally {
      state.kernelDepth--;
      this.isPaused = false;
    }
  }

  private own(tensor: tf.Tensor, tangent: tf.Tensor): void {
    this.tangents.set(tensor.dataId, tangent);
    this.owned.push(tangent);
  }

  private linkClones(inputs: readonly tf.Tensor[], outputs: readonly tf.Tensor[]): void {
    outputs.forEach(({ dataId }, i) => {
      const source = inputs[i]?.dataId;
      if (source !== undefined && source !== dataId) this.clones.set(dataId, source);
    });
  }

  private find({ dataId }: tf.Tensor): tf.Tensor | undefined {
    let data: object | undefined = dataId;
    while (data !== undefined) {
      const tangent = this.tangents.get(data);
      if (tangent !== undefined) return tangent;
      data = this.clones.get(data);
    }
    return undefined;
  }

  private tangentOf(tensor: tf.Tensor): tf.Tensor | null {
    const tangent = this.find(tensor);
    if (tangent === undefined) return null;
    const fits = tf.util.arraysEqual(tangent.shape, tensor.shape);
    return fits ? tangent : tf.reshape(tangent, tensor.shape);
  }
}

function listOf(made: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  return Array.isArray(made) ? made : [made];
}
