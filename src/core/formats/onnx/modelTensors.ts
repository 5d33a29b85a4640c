import type { ByteSource, ModelFiles } from '../../io';
import type { Notice, TensorEntry } from '../../model/model';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxSparseTensor, OnnxTensor } from './messages';
import { openExternalFiles } from './externalFiles';
import { NameCounter } from './layerNames';
import { openDenseView } from './sparseSource';
import { TensorEntries, type VarintPart } from './tensorEntries';
import type { WireReader } from './protobuf/wireReader';

/** At most so many notices of one kind: there may be thousands of reasons for them. */
export const MAX_NOTICES = 20;

/** Every tensor of a model, and the files that hold them. */
export interface ModelTensors {
  readonly entries: readonly TensorEntry[];
  /** What a TensorProto or SparseTensorProto became. */
  readonly byMessage: ReadonlyMap<OnnxTensor | OnnxSparseTensor, TensorEntry>;
  /** The main file, external files, and what is decoded from the main one. */
  readonly files: readonly ByteSource[];
  readonly varintParts: readonly VarintPart[];
  /** Tensors whose bytes lie in other files, in the file's order. */
  readonly external: readonly OnnxTensor[];
  /** Index into {@link files} by the location as it is written. */
  readonly externalFiles: ReadonlyMap<string, number>;
  readonly notices: readonly Notice[];
}

/** A tensor with the name that the graph knows it by. */
interface Named {
  readonly message: OnnxTensor | OnnxSparseTensor;
  readonly name: string;
  /** The graph it lies in, for telling two of one name apart. */
  readonly graphName: string;
  readonly role: TensorEntry['role'];
}

/**
 * The tensors of a model in the file's order, graph by graph: initializers, sparse initializers,
 * and what Constant nodes hold. Numbers in other attributes are settings of their node.
 * @throws FormatError naming the tensor; UnsupportedError; IoError.
 */
export async function readModelTensors(
  model: OnnxModel,
  files: ModelFiles,
  reader: WireReader,
): Promise<ModelTensors> {
  const named = namedTensors(model, reader);
  const stored = named.flatMap(({ message }) => storedParts(message));
  const opened = await openExternalFiles(files, stored);
  const maker = new TensorEntries(files.main, opened.indexByLocation, opened.sources);
  const byMessage = new Map<OnnxTensor | OnnxSparseTensor, TensorEntry>();
  const names = new UniqueNames();
  for (const one of named) {
    const options = { name: names.take(one), role: one.role };
    const entry = isSparse(one.message)
      ? await makeSparse(maker, one.message, options)
      : await maker.make(one.message, options);
    byMessage.set(one.message, entry);
  }
  return {
    entries: [...byMessage.values()],
    byMessage,
    files: maker.files,
    varintParts: maker.varintParts,
    externalFiles: opened.indexByLocation,
    external: stored.filter(({ external }) => external !== null),
    notices: names.notices,
  };
}

function isSparse(message: OnnxTensor | OnnxSparseTensor): message is OnnxSparseTensor {
  return 'indices' in message;
}

function storedParts(message: OnnxTensor | OnnxSparseTensor): readonly OnnxTensor[] {
  return isSparse(message) ? [message.values, message.indices] : [message];
}

function namedTensors(model: OnnxModel, reader: WireReader): readonly Named[] {
  const named: Named[] = [];
  const functions = model.functions.map(({ graph }) => graph);
  for (const graph of allGraphs([model.graph, ...functions])) {
    addTensorsOf(graph, 'parameter', named, reader);
  }
  for (const graph of allGraphs(model.trainingGraphs)) {
    addTensorsOf(graph, 'optimizer', named, reader);
  }
  return named;
}

/** Graphs with those inside their nodes, each after the one that holds it. */
export function allGraphs(roots: readonly OnnxGraph[]): readonly OnnxGraph[] {
  const found: OnnxGraph[] = [];
  const stack = [...roots].reverse();
  for (let graph = stack.pop(); graph !== undefined; graph = stack.pop()) {
    found.push(graph);
    for (const inner of graph.nodes.flatMap(graphsOf).reverse()) stack.push(inner);
  }
  return found;
}

/** The graphs in a node's attributes. */
export function graphsOf({ attributes }: OnnxNode): readonly OnnxGraph[] {
  let found: readonly OnnxGraph[] = NO_GRAPHS;
  for (const { graphs } of attributes.values()) {
    if (graphs.length > 0) found = found.length === 0 ? graphs : [...found, ...graphs];
  }
  return found;
}

const NO_GRAPHS: readonly OnnxGraph[] = [];

function addTensorsOf(
  graph: OnnxGraph,
  role: TensorEntry['role'],
  named: Named[],
  reader: WireReader,
): void {
  const seen = new Set<string>();
  const add = (message: Named['message'], name: string): void => {
    if (name === '' || seen.has(name)) {
      const place = `graph ${JSON.stringify(graph.name)}`;
      const found = name === '' ? 'an initializer without a name' : `${JSON.stringify(name)} twice`;
      throw reader.error(place, found, 'initializers and constants of one name each');
    }
    seen.add(name);
    named.push({ message, name, graphName: graph.name, role });
  };
  for (const tensor of graph.initializers) add(tensor, tensor.name);
  for (const sparse of graph.sparseInitializers) add(sparse, sparse.values.name);
  for (const node of graph.nodes) {
    const message = constantOf(node);
    if (message !== null) add(message, node.outputs[0] ?? '');
  }
}

/** The tensor of a Constant node; null for other nodes, and for plain numbers and texts. */
export function constantOf(node: OnnxNode): OnnxTensor | OnnxSparseTensor | null {
  if (node.opType !== 'Constant' || node.domain !== '') return null;
  const { attributes } = node;
  return attributes.get('value')?.tensor ?? attributes.get('sparse_value')?.sparse ?? null;
}

/** Graphs inside others may use a name again; the model's tensors need one each. */
class UniqueNames {
  readonly notices: Notice[] = [];
  private readonly names = new NameCounter();

  take({ name, graphName }: Named): string {
    const unique = this.names.take(name, (count) =>
      count === 2 ? `${graphName}/${name}` : `${graphName}/${name} (${count})`,
    );
    if (unique !== name && this.notices.length < MAX_NOTICES) {
      const message = `${JSON.stringify(name)} is the name of several tensors in different graphs; the one of graph ${JSON.stringify(graphName)} is shown as ${JSON.stringify(unique)}`;
      this.notices.push({ code: 'duplicate-name', message });
    }
    return unique;
  }
}

async function makeSparse(
  maker: TensorEntries,
  sparse: OnnxSparseTensor,
  options: { readonly name: string; readonly role: TensorEntry['role'] },
): Promise<TensorEntry> {
  const values = await maker.make(sparse.values, options);
  const indices = await maker.make(sparse.indices, {
    ...options,
    name: `${options.name} (indices)`,
  });
  const parts = { values, indices, dims: sparse.dims };
  const { shape, elementCount, source } = await openDenseView(maker, parts, options.name);
  const fileIndex = maker.files.push(source) - 1;
  const spans =
    elementCount === 0 ? [] : [{ fileIndex, byteOffset: 0, byteLength: source.byteLength }];
  return { ...values, shape, elementCount, spans };
}
