import { UsageError } from '../errors';
import type { Layer, TensorEntry } from '../model/model';
import type { ArchitectureLayer, DenseArchitecture } from '../recipe/recipe';
import type { ActivationFunction } from './operators/activation';
import type { Graph } from './graph';
import { GraphAssembler } from './graphAssembler';
import { inferLayers } from './inferLayers';
import { KERAS_ACTIVATION_NAMES, kerasActivation } from './kerasActivations';
import { lockReasonOfWeight } from './lockReason';
import { parseTensorName } from './tensorNames';

/** A dense layer whose tensors were found and fit. */
interface DenseStep {
  readonly name: string;
  readonly kernel: TensorEntry;
  readonly bias: TensorEntry | null;
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: ActivationFunction;
}

/**
 * The graph that a recipe's architecture makes of a file without one: dense layers one after the other.
 * Tensors that it does not name keep the layers that their names and shapes suggest.
 * @throws UsageError naming the layer, what was found and what is needed, where a tensor is missing, has
 *   another rank, or does not fit the layer before it.
 */
export function applyArchitecture(
  architecture: DenseArchitecture,
  tensors: readonly TensorEntry[],
): { readonly graph: Graph; readonly layers: readonly Layer[] } {
  if (architecture.layers.length === 0) throw new UsageError('architecture: it lists no layers');
  const steps: DenseStep[] = [];
  for (const layer of architecture.layers) {
    steps.push(readStep(layer, architecture, tensors, steps.at(-1) ?? null));
  }
  assertDistinctNames(steps);
  const used = new Set(
    steps.flatMap(({ kernel, bias }) => (bias === null ? [kernel] : [kernel, bias])),
  );
  const rest = tensors.filter((tensor) => !used.has(tensor));
  return {
    graph: buildGraph(steps, architecture.axisOrder),
    layers: [...steps.map((step) => describe(step, architecture.axisOrder)), ...inferLayers(rest)],
  };
}

function readStep(
  layer: ArchitectureLayer,
  { axisOrder }: DenseArchitecture,
  tensors: readonly TensorEntry[],
  before: DenseStep | null,
): DenseStep {
  const name = layer.name ?? parseTensorName(layer.kernel).layer;
  const kernel = findTensor(layer.kernel, name, tensors);
  const [first, second] = kernel.shape;
  if (first === undefined || second === undefined || kernel.shape.length !== 2) {
    throw new UsageError(
      `architecture: layer ${name}: kernel ${kernel.name} has shape [${kernel.shape.join(', ')}]; a dense kernel has two axes`,
    );
  }
  const [inputs, outputs] = axisOrder === 'in-out' ? [first, second] : [second, first];
  if (before !== null && outputsOf(before) !== inputs) {
    throw new UsageError(
      `architecture: layer ${name}: kernel ${kernel.name} takes ${inputs} inputs (axis order ${axisOrder}), but layer ${before.name} before it gives ${outputsOf(before)}`,
    );
  }
  const bias = layer.bias === undefined ? null : findTensor(layer.bias, name, tensors);
  if (bias !== null && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
    throw new UsageError(
      `architecture: layer ${name}: bias ${bias.name} has shape [${bias.shape.join(', ')}]; the kernel gives ${outputs} outputs (axis order ${axisOrder})`,
    );
  }
  return { name, kernel, bias, inputs, outputs, activation: readActivation(layer, name) };
}

/** What the next layer reads. */
function outputsOf({ outputs, activation }: DenseStep): number {
  return activation.name === 'glu' ? outputs / 2 : outputs;
}

function findTensor(wanted: string, layer: string, tensors: readonly TensorEntry[]): TensorEntry {
  const tensor = tensors.find(({ name }) => name === wanted);
  if (tensor !== undefined) return tensor;
  const names = tensors.slice(0, 8).map(({ name }) => name);
  const list = tensors.length > names.length ? [...names, '…'] : names;
  throw new UsageError(
    `architecture: layer ${layer}: there is no tensor ${wanted}; the file has ${list.join(', ')}`,
  );
}

/** Names mean what the current Keras means by them. */
function readActivation(
  { activation = 'linear' }: ArchitectureLayer,
  layer: string,
): ActivationFunction {
  const known = kerasActivation(activation, 3);
  if (known !== null) return known;
  throw new UsageError(
    `architecture: layer ${layer}: activation ${activation}; allowed: ${KERAS_ACTIVATION_NAMES.join(', ')}`,
  );
}

function assertDistinctNames(steps: readonly DenseStep[]): void {
  const seen = new Set<string>();
  for (const { name } of steps) {
    if (seen.has(name)) throw new UsageError(`architecture: two layers are named ${name}`);
    seen.add(name);
  }
}

const INPUT = 'input';

function buildGraph(
  steps: readonly DenseStep[],
  kernelLayout: DenseArchitecture['axisOrder'],
): Graph {
  const assembler = new GraphAssembler('architecture');
  const shape = [-1, steps[0]?.inputs ?? -1];
  let value = assembler.input({ value: INPUT, name: INPUT, shape, type: 'float32' });
  for (const { name, kernel, bias, activation } of steps) {
    const read = [kernel, bias].map((tensor) =>
      tensor === null ? null : assembler.parameter(tensor, 'float32'),
    );
    const source = { id: `${name}/dense`, layer: name };
    value = assembler.emitOne({ kind: 'dense', kernelLayout }, [value, ...read], source);
    if (activation.name === 'linear') continue;
    const operator = { kind: 'activation', function: activation } as const;
    value = assembler.emitOne(operator, [value], { id: `${name}/activation`, layer: name });
  }
  return assembler.finish([{ value, name: 'output' }]);
}

function describe(step: DenseStep, axisOrder: DenseArchitecture['axisOrder']): Layer {
  const lockedBy = lockReasonOfWeight(step.kernel);
  return {
    name: step.name,
    operator: 'dense',
    operatorLabel: 'Dense',
    parameters: step.bias === null ? [step.kernel.name] : [step.kernel.name, step.bias.name],
    weight: step.kernel.name,
    ...(step.bias === null ? {} : { bias: step.bias.name }),
    unitAxis: axisOrder === 'in-out' ? 1 : 0,
    unitCount: step.outputs,
    prunable: lockedBy === null,
    lockedBy,
  };
}
