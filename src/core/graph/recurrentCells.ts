import { type Layer, type Model, tensorNamed } from '../model/model';
import { kernelAxes } from './kernelAxes';

/** Layers are immutable, and each of their kernels is asked for. */
const known = new WeakMap<readonly Layer[], ReadonlyMap<string, number>>();

/**
 * Which recurrent cell each kernel is of, by the layer's name: a cell has a kernel for its inputs and one for its
 * own units. Told by their names where these say it (`weight_ih_l0` and `weight_hh_l0`, `lstm` and
 * `lstm/recurrent_kernel`); else a kernel that reads as many as the one before it gives is of the same cell.
 */
export function recurrentCells(model: Model): ReadonlyMap<string, number> {
  const cells = known.get(model.layers) ?? findCells(model);
  known.set(model.layers, cells);
  return cells;
}

function findCells(model: Model): ReadonlyMap<string, number> {
  const cells = new Map<string, number>();
  const byName = new Map<string, number>();
  let open: { readonly layer: Layer; readonly cell: number } | null = null;
  for (const layer of model.layers) {
    if (layer.operator !== 'recurrent' || layer.weight === undefined) continue;
    const name = cellName(layer.name);
    const begun: number | undefined =
      byName.get(name) ??
      (open !== null && continues(model, open.layer, layer) ? open.cell : undefined);
    const cell: number = begun ?? cells.size;
    byName.set(name, cell);
    cells.set(layer.name, cell);
    open = begun === undefined ? { layer, cell } : null;
  }
  return cells;
}

/** The cell's own name: without the word for which of its kernels it is. */
function cellName(name: string): string {
  return name
    .replace(/\/recurrent_kernel$/, '')
    .replace(/weight_(ih|hh)_l/, 'weight_l')
    .replace(/weight_(ih|hh)$/, 'weight');
}

/** Whether a kernel without a telling name reads what the one before gives. */
function continues(model: Model, before: Layer | null, layer: Layer): boolean {
  if (before === null || saysKernel(before.name) || saysKernel(layer.name)) return false;
  const [first, second] = [before, layer].map((one) => sizesOf(model, one));
  if (!first || !second) return false;
  return first.gated === second.gated && second.gated % second.inputs === 0;
}

function saysKernel(name: string): boolean {
  return /weight_(ih|hh)|recurrent_kernel$/.test(name);
}

interface KernelSizes {
  /** Gates times units. */
  readonly gated: number;
  readonly inputs: number;
}

function sizesOf(model: Model, layer: Layer): KernelSizes | null {
  const tensor = tensorNamed(model, layer.weight ?? '');
  const axes = kernelAxes(layer, tensor);
  const [output, input] = [axes?.outputs[0], axes?.inputs[0]];
  if (output === undefined || input === undefined) return null;
  return { gated: tensor.shape[output] ?? 0, inputs: tensor.shape[input] ?? 0 };
}

/**
 * The tensor with the biases of a recurrent kernel's units; undefined where it has none: a parameter beside the
 * weight whose last axis is all gates of all units, once or (ONNX) for inputs and units.
 */
export function recurrentBias(model: Model, layer: Layer): string | undefined {
  if (layer.operator !== 'recurrent' || layer.weight === undefined) return undefined;
  const gated = sizesOf(model, layer)?.gated;
  return layer.parameters.find((name) => {
    const { shape } = tensorNamed(model, name);
    const last = shape.at(-1);
    return (
      name !== layer.weight && shape.length <= 2 && (last === gated || last === 2 * (gated ?? 0))
    );
  });
}
