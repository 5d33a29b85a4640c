import { isPositionalName } from '../../graph/tensorNames';
import { FormatError } from '../../errors';
import { MAX_ONNX_DEPTH, MAX_ONNX_FUNCTION_NODES } from '../../limits';
import { isPrunableDType } from '../../model/dtype';
import type { Layer, LayerOperator, LockReason, TensorEntry } from '../../model/model';
import {
  type CodeScale,
  type Constant,
  ownAxis,
  passConstant,
  Scope,
  storedConstant,
} from './constants';
import { biasAfter, Consumers, scaleAfter } from './followingNodes';
import { uniquelyNamed } from './layerNames';
import type {
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxSparseTensor,
  OnnxTensor,
} from './messages';
import { constantOf, graphsOf } from './modelTensors';
import { isNormalization, type WeightUse, weightUsesOf } from './weightUses';

type TensorsByMessage = ReadonlyMap<OnnxTensor | OnnxSparseTensor, TensorEntry>;

/** What the graph says of its tensors. */
export interface CollectedLayers {
  readonly layers: readonly Layer[];
  /** By the name of each tensor of integer codes, how they become values. */
  readonly codes: ReadonlyMap<string, CodeScale>;
  /** The layers that were found at a node: several where it has several weights, or is met in several calls. */
  readonly byNode: ReadonlyMap<OnnxNode, readonly Layer[]>;
}

/**
 * The layers of a graph in the order of its nodes, those of inner graphs and called functions at
 * their node: weights that are multiplied with or looked up, normalization, and other float constants.
 */
export function collectLayers(model: OnnxModel, tensors: TensorsByMessage): CollectedLayers {
  const collector = new LayerCollector(model, tensors);
  collector.visitMain();
  const found = collector.layers();
  const byNode = new Map<OnnxNode, Layer[]>();
  for (const { node, layer } of found) {
    const others = byNode.get(node);
    if (others === undefined) byNode.set(node, [layer]);
    else others.push(layer);
  }
  return { layers: found.map(({ layer }) => layer), codes: collector.codes, byNode };
}

interface FoundLayer {
  readonly node: OnnxNode;
  readonly layer: Layer;
}

/** Where the walk is. */
interface Place {
  readonly scope: Scope;
  readonly consumers: Consumers;
  /** Graphs and function calls around the node. */
  readonly depth: number;
  readonly inFunction: boolean;
}

class LayerCollector {
  readonly codes = new Map<string, CodeScale>();
  private readonly found: FoundLayer[] = [];
  private readonly others = new Set<TensorEntry>();
  private readonly functions: ReadonlyMap<string, OnnxFunction>;
  private readonly seenUses = new Map<OnnxNode, Set<TensorEntry>>();
  private readonly consumers = new Map<OnnxGraph, Consumers>();
  private functionVisits = 0;

  constructor(
    private readonly model: OnnxModel,
    private readonly tensors: TensorsByMessage,
  ) {
    this.functions = new Map(
      model.functions.map((one) => [keyOf(one.domain, one.graph.name), one]),
    );
  }

  visitMain(): void {
    this.visitGraph(this.model.graph, null, { depth: 0, inFunction: false });
  }

  /** Other constants only where no layer has claimed them. */
  layers(): readonly FoundLayer[] {
    const claimed = new Set<string>();
    for (const { weight, operator, parameters } of this.found.map(({ layer }) => layer)) {
      if (weight === undefined && operator !== 'normalization') continue;
      for (const name of parameters) claimed.add(name);
    }
    const kept = this.found.filter(
      ({ layer: { operator, parameters } }) =>
        operator !== 'other' || !claimed.has(parameters[0] ?? ''),
    );
    const layers = uniquelyNamed(kept.map(({ layer }) => layer));
    return kept.map(({ node, layer }, i) => ({ node, layer: layers[i] ?? layer }));
  }

  /** Recurses at most MAX_ONNX_DEPTH deep, which holds for the graphs of a file anyway. */
  private visitGraph(
    graph: OnnxGraph,
    outer: Scope | null,
    at: Pick<Place, 'depth' | 'inFunction'>,
    given: readonly (readonly [string, Constant])[] = [],
  ): Scope {
    const scope = new Scope(outer);
    for (const [name, constant] of given) scope.set(name, constant);
    for (const tensor of graph.initializers) this.define(scope, tensor.name, tensor);
    for (const sparse of graph.sparseInitializers) this.define(scope, sparse.values.name, sparse);
    const consumers = this.consumers.get(graph) ?? new Consumers(graph);
    // A function's body may be met in many calls.
    if (at.inFunction) this.consumers.set(graph, consumers);
    const place = { ...at, scope, consumers };
    for (const node of graph.nodes) this.visitNode(node, place);
    return scope;
  }

  private define(scope: Scope, name: string, message: OnnxTensor | OnnxSparseTensor): void {
    const tensor = this.tensors.get(message);
    if (tensor !== undefined) scope.set(name, storedConstant(tensor));
  }

  private visitNode(node: OnnxNode, place: Place): void {
    if (place.inFunction && ++this.functionVisits > MAX_ONNX_FUNCTION_NODES) {
      throw tooManyCalls(`more than ${MAX_ONNX_FUNCTION_NODES} nodes in all calls`);
    }
    const { scope } = place;
    const constant = constantOf(node);
    const [output = ''] = node.outputs;
    if (constant !== null) this.define(scope, output, constant);
    const passed = constant === null ? passConstant(node, scope) : null;
    if (passed !== null) {
      scope.set(output, passed);
      return;
    }
    const called = this.functions.get(keyOf(node.domain, node.opType));
    if (called !== undefined) this.visitCall(node, called, place);
    else this.visitOperator(node, place);
    if (place.depth >= MAX_ONNX_DEPTH) return;
    for (const graph of graphsOf(node)) {
      this.visitGraph(graph, scope, { depth: place.depth + 1, inFunction: place.inFunction });
    }
  }

  /** The function's nodes with the call's constants for its inputs. */
  private visitCall(node: OnnxNode, { graph }: OnnxFunction, { scope, depth }: Place): void {
    if (depth >= MAX_ONNX_DEPTH) {
      throw tooManyCalls(`calls more than ${MAX_ONNX_DEPTH} deep, or of themselves`);
    }
    const given = graph.inputs.flatMap(({ name }, i): (readonly [string, Constant])[] => {
      const constant = scope.find(node.inputs[i]);
      return constant === undefined ? [] : [[name, constant]];
    });
    const inner = this.visitGraph(graph, null, { depth: depth + 1, inFunction: true }, given);
    for (const [i, { name }] of graph.outputs.entries()) {
      const constant = inner.find(name);
      if (constant !== undefined) scope.set(node.outputs[i] ?? '', constant);
    }
  }

  private visitOperator(node: OnnxNode, place: Place): void {
    const taken = new Set<number>();
    if (isNormalization(node)) this.addNormalization(node, place, taken);
    for (const use of weightUsesOf(node)) {
      const weight = place.scope.find(node.inputs[use.input]);
      if (weight === undefined || !isWeightOf(weight, use)) continue;
      taken.add(use.input);
      if (use.bias !== undefined) taken.add(use.bias);
      this.addWeight(node, use, weight, place);
    }
    for (const [i, name] of node.inputs.entries()) {
      const constant = taken.has(i) ? undefined : place.scope.find(name);
      if (constant !== undefined) this.addOther(node, constant.tensor);
    }
  }

  private addNormalization(node: OnnxNode, { scope, inFunction }: Place, taken: Set<number>): void {
    const parameters: string[] = [];
    for (const [i, name] of node.inputs.entries()) {
      const constant = scope.find(name);
      if (constant === undefined) continue;
      taken.add(i);
      parameters.push(constant.tensor.name);
    }
    const [first] = parameters;
    if (first === undefined) return;
    const name = node.name === '' || inFunction ? first : node.name;
    const layer = lockedLayer(node, name, parameters, ['normalization', 'normalization']);
    this.found.push({ node, layer });
  }

  private addWeight(node: OnnxNode, use: WeightUse, weight: Constant, place: Place): void {
    const { tensor } = weight;
    if (this.wasSeen(node, tensor)) return;
    const { scope, consumers, inFunction } = place;
    const unitAxis = unitAxisOf(weight, use);
    const unitCount = unitAxis === null ? null : (tensor.shape[unitAxis] ?? null);
    const codes = codesOf(node, use, weight, place);
    if (codes !== null && !this.codes.has(tensor.name)) this.codes.set(tensor.name, codes);
    const direct = use.bias === undefined ? undefined : scope.find(node.inputs[use.bias])?.tensor;
    const following =
      use.biasFollows === true && unitCount !== null
        ? biasAfter(node, { scope, consumers, unitCount })
        : undefined;
    const bias = direct ?? following;
    const lockedBy = lockReasonOf(weight, codes, use);
    const layer: Layer = {
      name: node.name === '' || inFunction ? tensor.name : node.name,
      operator: operatorOf(node, use, tensor),
      operatorLabel: node.opType,
      parameters: [tensor.name, ...(bias === undefined ? [] : [bias.name])],
      weight: tensor.name,
      ...(isUnitBias(bias, unitCount) ? { bias: bias.name } : {}),
      unitAxis,
      unitCount,
      prunable: lockedBy === null,
      lockedBy,
    };
    this.found.push({ node, layer });
  }

  /** A function's body is met once a call, often with weights of its own. */
  private wasSeen(node: OnnxNode, tensor: TensorEntry): boolean {
    const seen = this.seenUses.get(node) ?? new Set();
    this.seenUses.set(node, seen);
    if (seen.has(tensor)) return true;
    seen.add(tensor);
    return false;
  }

  private addOther(node: OnnxNode, tensor: TensorEntry): void {
    const isSetting = tensor.elementCount < 2 || tensor.shape.length === 0;
    if (isSetting || !isPrunableDType(tensor.dtype) || this.others.has(tensor)) return;
    this.others.add(tensor);
    const reason = tensor.shape.length < 2 ? 'rank' : 'no-weight';
    const lockedBy = isPositionalName(tensor.name) ? 'positional' : reason;
    const layer = lockedLayer(node, tensor.name, [tensor.name], ['other', lockedBy]);
    this.found.push({ node, layer });
  }
}

function tooManyCalls(found: string): FormatError {
  const allowed = 'functions that call others, and none itself';
  return new FormatError({ format: 'onnx', place: 'functions', found, allowed });
}

function keyOf(domain: string, name: string): string {
  return `${domain}:${name}`;
}

/** Weights of products have two axes at least; what Gather looks up besides tables are shapes. */
function isWeightOf({ tensor }: Constant, { operator }: WeightUse): boolean {
  if (operator !== 'embedding') return tensor.shape.length >= 2;
  return tensor.shape.length === 2 && !/^(int64|int32|bool|string)$/.test(tensor.dtype);
}

function unitAxisOf(weight: Constant, { unitAxis }: WeightUse): number | null {
  return unitAxis === null ? null : ownAxis(weight, unitAxis);
}

function codesOf(
  node: OnnxNode,
  use: WeightUse,
  weight: Constant,
  { scope, consumers }: Place,
): CodeScale | null {
  if (weight.codes !== null) return weight.codes;
  const tensorAt = (input: number | undefined): TensorEntry | null =>
    input === undefined ? null : (scope.find(node.inputs[input])?.tensor ?? null);
  if (use.scale === undefined && use.scaleFollows !== true) return null;
  const scale =
    use.scaleFollows === true ? scaleAfter(node, { scope, consumers }) : tensorAt(use.scale);
  return { scale, zeroPoint: tensorAt(use.zeroPoint), axis: unitAxisOf(weight, use) };
}

function lockReasonOf(
  { tensor }: Constant,
  codes: CodeScale | null,
  { operator }: WeightUse,
): LockReason | null {
  if (operator === 'embedding' && isPositionalName(tensor.name)) return 'positional';
  if (isPrunableDType(tensor.dtype)) return null;
  // Codes with a known scale are unlocked when the scale has been read.
  return codes === null && !/^u?int[248]$/.test(tensor.dtype) ? 'dtype' : 'quantized';
}

function operatorOf(node: OnnxNode, { operator }: WeightUse, tensor: TensorEntry): LayerOperator {
  if (operator !== 'convolution') return operator;
  const rank = tensor.shape.length;
  const groups = node.attributes.get('group')?.int ?? 1;
  if (rank === 4) return groups > 1 && tensor.shape[1] === 1 ? 'depthwiseConv2d' : 'conv2d';
  return rank === 3 ? 'conv1d' : rank === 5 ? 'conv3d' : 'other';
}

/** One value a unit: anything else cannot be zeroed with its unit. */
function isUnitBias(bias: TensorEntry | undefined, unitCount: number | null): bias is TensorEntry {
  return bias?.shape.length === 1 && bias.shape[0] === unitCount;
}

function lockedLayer(
  { opType }: OnnxNode,
  name: string,
  parameters: readonly string[],
  [operator, lockedBy]: readonly ['normalization' | 'other', LockReason],
): Layer {
  return {
    name,
    operator,
    operatorLabel: opType,
    parameters,
    unitAxis: null,
    unitCount: null,
    prunable: false,
    lockedBy,
  };
}
