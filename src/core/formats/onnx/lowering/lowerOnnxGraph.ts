import { FormatError, UnsupportedError } from '../../../errors';
import type { Graph, GraphInput } from '../../../graph/graph';
import { hostOf, type LoweredValue } from '../../../graph/lowering/loweredValue';
import type { HostValue } from '../../../graph/lowering/hostValue';
import { MAX_NODE_VALUES } from '../../../graph/lowering/limits';
import { LoweringAssembler } from '../../../graph/lowering/loweringAssembler';
import { MAX_ONNX_DEPTH } from '../../../limits';
import type { Layer, TensorEntry } from '../../../model/model';
import type { CodeScale } from '../constants';
import { namesRead } from '../graphChecks';
import type {
  OnnxAttribute,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxSparseTensor,
  OnnxTensor,
} from '../messages';
import { constantOf, graphsOf } from '../modelTensors';
import { inputShape, inputType, lowerMisfit } from './graphInputs';
import { MAX_LOWERED_NODES } from './limits';
import { type LoweringSurroundings, NodeContext } from './nodeContext';
import { lowerNodeOf } from './operatorTable';
import { topologicalOrder } from './topologicalOrder';
import { ValueScope } from './valueScope';
import { valueType } from './valueTypes';

/** Everything of a file that lowering looks at. */
export interface LoweringSource {
  readonly onnx: OnnxModel;
  readonly tensors: ReadonlyMap<OnnxTensor | OnnxSparseTensor, TensorEntry>;
  readonly small: ReadonlyMap<OnnxTensor | OnnxSparseTensor, HostValue>;
  readonly codes: ReadonlyMap<string, CodeScale>;
  readonly layersByNode: ReadonlyMap<OnnxNode, readonly Layer[]>;
}

/**
 * The graph of an ONNX model in the closed set of operators: shape arithmetic computed, functions and
 * constant branches written out. Nodes that cannot be said in it become opaque ones with the reason.
 * @param inputShapes of the graph's inputs in their order, where they are known better than the file says
 * @throws FormatError where these do not fit what the file says.
 */
export function lowerOnnxGraph(
  source: LoweringSource,
  inputShapes: readonly (readonly number[])[] | null = null,
): Graph {
  return new OnnxLowering(source).lower(inputShapes);
}

/** Where the walk is. */
interface Place {
  readonly scope: ValueScope;
  readonly opset: number;
  /** Attributes of the function call that the nodes belong to; null outside functions. */
  readonly call: ReadonlyMap<string, OnnxAttribute> | null;
  readonly depth: number;
}

class OnnxLowering {
  private readonly assembler = new LoweringAssembler('onnx');
  private readonly around: LoweringSurroundings;
  private readonly functions: ReadonlyMap<string, OnnxFunction>;
  private visited = 0;

  constructor(private readonly source: LoweringSource) {
    const { tensors, small, codes, onnx } = source;
    this.around = { assembler: this.assembler, tensors, small, codes, transposed: new Map() };
    this.functions = new Map(
      onnx.functions.map((one) => [functionKey(one.domain, one.graph.name, one.overload), one]),
    );
  }

  lower(inputShapes: readonly (readonly number[])[] | null): Graph {
    const { graph, opsets } = this.source.onnx;
    const scope = new ValueScope(null);
    this.bindTensors(graph, scope);
    this.bindInputs(graph, scope, inputShapes);
    const place = { scope, opset: opsets.get('ai.onnx') ?? 1, call: null, depth: 0 };
    this.lowerNodes(graph, place);
    const outputs = graph.outputs.map(({ name }) => ({ name, value: this.outputOf(name, scope) }));
    return this.assembler.graph.finish(outputs);
  }

  private bindTensors(graph: OnnxGraph, scope: ValueScope): void {
    for (const tensor of graph.initializers) this.bindTensor(tensor, tensor.name, scope);
    for (const one of graph.sparseInitializers) this.bindTensor(one, one.values.name, scope);
  }

  private bindTensor(
    message: OnnxTensor | OnnxSparseTensor,
    name: string,
    scope: ValueScope,
  ): void {
    const value = this.tensorValue(message);
    if (value !== null) scope.set(name, value);
  }

  /** Null for text and complex numbers. */
  private tensorValue(message: OnnxTensor | OnnxSparseTensor): LoweredValue | null {
    const tensor = this.source.tensors.get(message);
    const type = tensor === undefined ? null : valueType(tensor.dtype);
    if (tensor === undefined || type === null) return null;
    const host = this.source.small.get(message) ?? null;
    return { kind: 'tensor', tensor, type, asCodes: false, host };
  }

  /** Before IR version 4 initializers were inputs too: they are none here. */
  private bindInputs(
    graph: OnnxGraph,
    scope: ValueScope,
    given: readonly (readonly number[])[] | null,
  ): void {
    const inputs = graph.inputs.filter(({ name }) => scope.find(name) === undefined);
    if (given !== null && given.length !== inputs.length) {
      throw lowerMisfit(
        'inputs',
        `${given.length} shapes`,
        `one for each of ${inputs.length} inputs`,
      );
    }
    inputs.forEach((input, i) => {
      const shape = inputShape(input, given?.[i] ?? null);
      const value = this.assembler.graph.claimId(input.name);
      const isKnown = input.hasShape || given !== null;
      const bound: GraphInput = { value, name: input.name, shape, type: inputType(input) };
      this.assembler.graph.input(bound, isKnown);
      scope.set(input.name, { kind: 'graph', value });
    });
  }

  private lowerNodes(graph: OnnxGraph, place: Place): void {
    for (const node of topologicalOrder(graph)) {
      if (++this.visited > MAX_LOWERED_NODES) {
        throw lowerMisfit(
          'functions',
          `more than ${MAX_LOWERED_NODES} nodes in all calls`,
          'fewer',
        );
      }
      this.lowerNode(node, place);
    }
  }

  private lowerNode(node: OnnxNode, place: Place): void {
    const constant = constantOf(node);
    if (constant !== null) {
      this.bindTensor(constant, node.outputs[0] ?? '', place.scope);
      return;
    }
    const called = this.functionOf(node);
    try {
      if (called !== undefined) this.lowerCall(node, called, place);
      else if (node.opType === 'If' && node.domain === '') this.lowerIf(node, place);
      else this.lowerOperator(node, place);
    } catch (error) {
      // What cannot be said in the set is kept as a node that only its own runtime can run.
      if (!(error instanceof UnsupportedError) && !(error instanceof FormatError)) throw error;
      this.lowerOpaque(node, place, reasonOf(error));
    }
  }

  private functionOf({ domain, opType, overload }: OnnxNode): OnnxFunction | undefined {
    if (this.functions.size === 0) return undefined;
    return this.functions.get(functionKey(domain, opType, overload));
  }

  private lowerOperator(node: OnnxNode, place: Place): void {
    const lower = lowerNodeOf(node);
    if (lower === undefined) {
      this.lowerOpaque(node, place, null);
      return;
    }
    assertFewValues(node);
    const inputs = node.inputs.map((name) => this.inputOf(name, place.scope));
    const attributes = resolveAttributes(node, place.call);
    const layer = this.layerOf(node, inputs);
    const context = new NodeContext(this.around, {
      node,
      inputs,
      attributes,
      opset: place.opset,
      layer,
    });
    const made = lower(context);
    const outputs = 'kind' in made ? [made] : made;
    outputs.forEach((value, i) => {
      if (value !== null) place.scope.set(node.outputs[i] ?? '', value);
    });
    const missing = node.outputs.findIndex((name, i) => name !== '' && !outputs[i]);
    if (missing >= 0) throw context.unsupported(`output ${missing}`, 'the outputs before it');
  }

  private inputOf(name: string, scope: ValueScope): LoweredValue | null {
    if (name === '') return null;
    const value = scope.find(name);
    if (value !== undefined) return value;
    throw lowerMisfit('node', `an input ${JSON.stringify(name)} that nothing makes`, 'values');
  }

  /** The function's nodes in the place of its call. Recurses at most MAX_ONNX_DEPTH deep. */
  private lowerCall(node: OnnxNode, called: OnnxFunction, place: Place): void {
    if (place.depth >= MAX_ONNX_DEPTH) {
      throw lowerMisfit('functions', `calls more than ${MAX_ONNX_DEPTH} deep`, 'fewer');
    }
    const scope = new ValueScope(null);
    called.graph.inputs.forEach(({ name }, i) => {
      const value = this.inputOf(node.inputs[i] ?? '', place.scope);
      if (value !== null) scope.set(name, value);
    });
    const given = resolveAttributes(node, place.call);
    const call = new Map([...called.attributeDefaults, ...given]);
    const opset = called.opsets.get('ai.onnx') ?? place.opset;
    this.lowerNodes(called.graph, { scope, opset, call, depth: place.depth + 1 });
    this.bindOutputs(node, called.graph, { from: scope, to: place.scope });
  }

  /** A branch whose condition is known, in the place of the node. */
  private lowerIf(node: OnnxNode, place: Place): void {
    const condition = this.inputOf(node.inputs[0] ?? '', place.scope);
    const chosen = condition === null ? null : hostOf(condition)?.elements[0];
    if (chosen === null || chosen === undefined) {
      this.lowerOpaque(node, place, 'a condition that is computed from data');
      return;
    }
    const name = chosen === 0 ? 'else_branch' : 'then_branch';
    const [branch] = node.attributes.get(name)?.graphs ?? [];
    if (branch === undefined) throw lowerMisfit('node', `an If without ${name}`, 'both branches');
    const scope = new ValueScope(place.scope);
    this.bindTensors(branch, scope);
    this.lowerNodes(branch, { ...place, scope, depth: place.depth + 1 });
    this.bindOutputs(node, branch, { from: scope, to: place.scope });
  }

  private bindOutputs(
    node: OnnxNode,
    inner: OnnxGraph,
    { from, to }: { readonly from: ValueScope; readonly to: ValueScope },
  ): void {
    inner.outputs.forEach(({ name }, i) => {
      const value = from.find(name);
      if (value !== undefined) to.set(node.outputs[i] ?? '', value);
    });
  }

  private lowerOpaque(node: OnnxNode, { scope }: Place, reason: string | null): void {
    const name = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`;
    const read = [...new Set(graphsOf(node).length === 0 ? node.inputs : namesRead(node))];
    const values = read.map((input) => scope.find(input)).filter((value) => value !== undefined);
    const [first = node.opType] = node.outputs;
    const outputs = this.assembler.graph.emit(
      reason === null ? { kind: 'opaque', name } : { kind: 'opaque', name, reason },
      values.flatMap((value) => this.dataOrNothing(value)),
      {
        id: node.name === '' ? first : node.name,
        layer: this.layerOf(node, values),
        outputCount: Math.max(1, node.outputs.length),
      },
    );
    node.outputs.forEach((output, i) => {
      const value = outputs[i];
      if (value !== null && value !== undefined) scope.set(output, { kind: 'graph', value });
    });
  }

  /** What an opaque node reads, without what is known or depends on open sizes. */
  private dataOrNothing(value: LoweredValue): readonly string[] {
    if (value.kind !== 'graph' && value.kind !== 'tensor') return [];
    return [this.assembler.data(value, '')];
  }

  private outputOf(name: string, scope: ValueScope): string {
    const value = scope.find(name);
    const isReadable = value !== undefined && (value.kind === 'graph' || value.kind === 'tensor');
    if (isReadable) return this.assembler.data(value, name);
    try {
      if (value !== undefined) return this.assembler.data(value, name);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
    const reason = value === undefined ? 'made by no node' : 'depends on open sizes';
    return this.assembler.graph.emitOne({ kind: 'opaque', name: 'output', reason }, [], {
      id: name,
      layer: name,
    });
  }

  /** The layer as the model lists it: of a node met in several calls the one whose weight it reads. */
  private layerOf(node: OnnxNode, inputs: readonly (LoweredValue | null)[]): string {
    const layers = this.source.layersByNode.get(node) ?? [];
    if (layers.length <= 1) return layers[0]?.name ?? ownName(node);
    const read = new Set(
      inputs.map((value) => (value?.kind === 'tensor' ? value.tensor.name : null)),
    );
    const own = layers.find(({ parameters }) => read.has(parameters[0] ?? ''));
    return (own ?? layers[0])?.name ?? ownName(node);
  }
}

/** @throws UnsupportedError for more than can be handed on. */
function assertFewValues({ opType, inputs, outputs }: OnnxNode): void {
  const count = Math.max(inputs.length, outputs.length);
  if (count <= MAX_NODE_VALUES) return;
  throw new UnsupportedError({
    feature: `ONNX ${opType}`,
    found: `${count} inputs or outputs`,
    supported: `at most ${MAX_NODE_VALUES}`,
  });
}

function ownName({ name, outputs, opType }: OnnxNode): string {
  if (name !== '') return name;
  return outputs.find((output) => output !== '') ?? opType;
}

function functionKey(domain: string, name: string, overload: string): string {
  return `${domain === 'ai.onnx' ? '' : domain}:${name}:${overload}`;
}

/** Attributes with those of the call for references. */
function resolveAttributes(
  { attributes }: OnnxNode,
  call: ReadonlyMap<string, OnnxAttribute> | null,
): ReadonlyMap<string, OnnxAttribute> {
  if (call === null) return attributes;
  const resolved = new Map<string, OnnxAttribute>();
  for (const [name, attribute] of attributes) {
    const given = attribute.reference === '' ? attribute : call.get(attribute.reference);
    if (given !== undefined) resolved.set(name, given);
  }
  return resolved;
}

function reasonOf(error: FormatError | UnsupportedError): string {
  if (error instanceof UnsupportedError) return error.detail.found;
  return `${error.detail.found} where ${error.detail.allowed} is needed`;
}
