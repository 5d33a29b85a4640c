import type { InputProduct } from './inputProduct';

/** Added to the Hessian's diagonal, as a share of its mean, where nothing else is said. */
export const DEFAULT_DAMPING = 0.01;

/** How the weights of a layer are solved for. */
export interface SolveOptions {
  /** Added to the Hessian's diagonal, as a share of its mean. */
  readonly damping: number;
  /** The layer, for messages. */
  readonly place: string;
}

/** What the Hessian is made of beside X X^T. */
export interface HessianOptions {
  /** Share of the mean of the diagonal that is added to it; added as it is where the diagonal is all 0. */
  readonly damping: number;
  /** `mean`: 2 / N X X^T. `sum`: 2 X X^T. */
  readonly over: 'mean' | 'sum';
  /** An input that never is anything but 0 gets 1 on the diagonal, before the damping is taken of it. */
  readonly deadInputs?: 'one';
}

/**
 * The Hessian of the squared error of one output of a layer with respect to its weights, with damping. It is the
 * same for all outputs.
 * @returns [inputs, inputs], both triangles
 */
export function dampedHessian(
  { inputs, values, samples }: InputProduct,
  { damping, over, deadInputs }: HessianOptions,
): Float64Array<ArrayBuffer> {
  const scale = over === 'mean' ? 2 / samples : 2;
  const hessian = Float64Array.from(values, (value) => scale * value);
  if (deadInputs === 'one') {
    for (const input of deadInputsOf({ inputs, values })) hessian[input * (inputs + 1)] = 1;
  }
  let trace = 0;
  for (let i = 0; i < inputs; i++) trace += hessian[i * (inputs + 1)] ?? 0;
  // Where a layer reads nothing but 0 there is no mean to take a share of, and damping alone must decide.
  const added = damping * (trace === 0 ? 1 : trace / Math.max(inputs, 1));
  for (let i = 0; i < inputs; i++) {
    hessian[i * (inputs + 1)] = (hessian[i * (inputs + 1)] ?? 0) + added;
  }
  return hessian;
}

/** The inputs that were 0 in all samples. */
export function deadInputsOf({
  inputs,
  values,
}: Pick<InputProduct, 'inputs' | 'values'>): readonly number[] {
  const dead: number[] = [];
  for (let i = 0; i < inputs; i++) if (values[i * (inputs + 1)] === 0) dead.push(i);
  return dead;
}
