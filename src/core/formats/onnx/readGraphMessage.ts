import { MAX_ONNX_DEPTH, MAX_RANK } from '../../limits';
import { AttributeLists } from './attributeLists';
import type {
  OnnxAttribute,
  OnnxFunction,
  OnnxGraph,
  OnnxNode,
  OnnxSparseTensor,
  OnnxTensor,
  OnnxValue,
} from './messages';
import type { MessageCursor } from './protobuf/messageCursor';
import type { WireMessage, WireReader } from './protobuf/wireReader';
import { readOpset } from './readOpset';
import { readSparseMessage, readTensorMessage } from './readTensorMessage';

/** Shared by all nodes that have none, because there may be a million of them. */
const NO_LIST: readonly never[] = [];
const NO_ATTRIBUTES: ReadonlyMap<string, OnnxAttribute> = new Map();

/** With its lists, and the names known in it, a graph takes up to two kilobytes. */
const GRAPH_WEIGHT = 16;

/** A graph that is still to be read. */
interface Pending {
  readonly message: WireMessage;
  readonly target: OnnxGraph;
  readonly depth: number;
}

/** Reads graphs with the graphs inside their nodes' attributes, one after the other: nothing recurses. */
export class GraphReader {
  /** In the file's order, so that reading goes forward. */
  private pending: Pending[] = [];

  constructor(private readonly reader: WireReader) {}

  /** @throws FormatError, also beyond MAX_ONNX_DEPTH graphs inside one another. */
  async readGraph(message: WireMessage): Promise<OnnxGraph> {
    const graph = emptyGraph();
    this.pending.push({ message, target: graph, depth: 0 });
    await this.readPending();
    return graph;
  }

  /** Reads a FunctionProto. @throws FormatError */
  async readFunction(message: WireMessage): Promise<OnnxFunction> {
    const graph = emptyGraph();
    let domain = '';
    let overload = '';
    const opsets = new Map<string, number>();
    const attributeDefaults = new Map<string, OnnxAttribute>();
    const fields = this.reader.fields(message, 'function');
    while (await fields.next()) {
      if (fields.fieldNumber === 1) graph.name = await fields.text();
      else if (fields.fieldNumber === 4) graph.inputs.push(valueOf(await fields.text()));
      else if (fields.fieldNumber === 5) graph.outputs.push(valueOf(await fields.text()));
      else if (fields.fieldNumber === 7) graph.nodes.push(await this.readNode(fields.inner(), 0));
      else if (fields.fieldNumber === 9) await readOpset(this.reader, fields.inner(), opsets);
      else if (fields.fieldNumber === 10) domain = await fields.text();
      else if (fields.fieldNumber === 11) {
        const attribute = await this.readAttribute(fields.inner(), 0);
        attributeDefaults.set(attribute.name, attribute);
      } else if (fields.fieldNumber === 13) overload = await fields.text();
    }
    await this.readPending();
    return { domain, overload, graph, opsets, attributeDefaults };
  }

  private async readPending(): Promise<void> {
    // Grows while it is walked through.
    for (const next of this.pending) {
      if (next.depth > MAX_ONNX_DEPTH) {
        const found = `graphs nested more than ${MAX_ONNX_DEPTH} levels deep`;
        const allowed = `at most ${MAX_ONNX_DEPTH} levels`;
        throw this.reader.error('graph', found, allowed, next.message.byteOffset);
      }
      await this.readOne(next);
    }
    this.pending = [];
  }

  private async readOne({ message, target, depth }: Pending): Promise<void> {
    const fields = this.reader.fields(message, 'graph');
    while (await fields.next()) {
      if (fields.fieldNumber === 1) target.nodes.push(await this.readNode(fields.inner(), depth));
      else if (fields.fieldNumber === 2) target.name = await fields.text();
      else if (fields.fieldNumber === 5) {
        target.initializers.push(await readTensorMessage(this.reader, fields.inner()));
      } else if (fields.fieldNumber === 11) target.inputs.push(await this.readValue(fields));
      else if (fields.fieldNumber === 12) target.outputs.push(await this.readValue(fields));
      else if (fields.fieldNumber === 15) {
        target.sparseInitializers.push(await readSparseMessage(this.reader, fields.inner()));
      }
    }
  }

  private async readNode(message: WireMessage, depth: number): Promise<OnnxNode> {
    const { reader } = this;
    reader.countItem('node');
    let inputs: string[] | null = null;
    let outputs: string[] | null = null;
    let attributes: Map<string, OnnxAttribute> | null = null;
    const texts = { name: '', opType: '', domain: '', overload: '' };
    const fields = reader.fields(message, 'node');
    while (await fields.next()) {
      if (fields.fieldNumber === 1) (inputs ??= []).push(await this.countedText(fields));
      else if (fields.fieldNumber === 2) (outputs ??= []).push(await this.countedText(fields));
      else if (fields.fieldNumber === 3) texts.name = await fields.text();
      else if (fields.fieldNumber === 4) texts.opType = await fields.text();
      else if (fields.fieldNumber === 5) {
        const attribute = await this.readAttribute(fields.inner(), depth);
        (attributes ??= new Map()).set(attribute.name, attribute);
      } else if (fields.fieldNumber === 7) texts.domain = await fields.text();
      else if (fields.fieldNumber === 8) texts.overload = await fields.text();
    }
    if (texts.domain === 'ai.onnx') texts.domain = '';
    const { name, opType, domain, overload } = texts;
    return {
      name,
      opType,
      domain,
      overload,
      inputs: inputs ?? NO_LIST,
      outputs: outputs ?? NO_LIST,
      attributes: attributes ?? NO_ATTRIBUTES,
    };
  }

  private countedText(fields: MessageCursor): Promise<string> {
    this.reader.countItem(fields.what);
    return fields.text();
  }

  private async readAttribute(message: WireMessage, depth: number): Promise<OnnxAttribute> {
    const { reader } = this;
    reader.countItem('attribute');
    const scalars: {
      name: string;
      reference: string;
      int: number | null;
      float: number | null;
      text: string | null;
    } = { name: '', reference: '', int: null, float: null, text: null };
    const lists = new AttributeLists(reader);
    let tensor: OnnxTensor | null = null;
    let sparse: OnnxSparseTensor | null = null;
    let graphs: OnnxGraph[] | null = null;
    const fields = reader.fields(message, 'attribute');
    while (await fields.next()) {
      if (fields.fieldNumber === 1) scalars.name = await fields.text();
      else if (fields.fieldNumber === 2) scalars.float = fields.float();
      else if (fields.fieldNumber === 3) scalars.int = fields.integer();
      else if (fields.fieldNumber === 4) scalars.text = await reader.excerpt(fields.range());
      else if (fields.fieldNumber === 5) tensor = await readTensorMessage(reader, fields.inner());
      else if (fields.fieldNumber === 6 || fields.fieldNumber === 11) {
        (graphs ??= []).push(this.addPending(fields.inner(), depth + 1));
      } else if (fields.fieldNumber === 21) scalars.reference = await fields.text();
      else if (fields.fieldNumber === 22) sparse = await readSparseMessage(reader, fields.inner());
      else await lists.take(fields);
    }
    return { ...scalars, ...lists.finish(), tensor, sparse, graphs: graphs ?? NO_LIST };
  }

  private addPending(message: WireMessage, depth: number): OnnxGraph {
    this.reader.countItem('graph', GRAPH_WEIGHT);
    const target = emptyGraph();
    this.pending.push({ message, target, depth });
    return target;
  }

  /** A ValueInfoProto. */
  private async readValue(outer: MessageCursor): Promise<OnnxValue> {
    const { reader } = this;
    reader.countItem('value');
    let name = '';
    let type: Omit<OnnxValue, 'name'> = { dataType: null, shape: [], hasShape: false };
    const fields = reader.fields(outer.inner(), 'value');
    while (await fields.next()) {
      if (fields.fieldNumber === 1) name = await fields.text();
      else if (fields.fieldNumber === 2) type = await this.readType(fields.inner());
    }
    return { name, ...type };
  }

  /** A TypeProto: tensor_type is field 1; sequences, maps and optionals have no shape. */
  private async readType(message: WireMessage): Promise<Omit<OnnxValue, 'name'>> {
    let dataType: number | null = null;
    let shape: OnnxValue['shape'] | null = null;
    const fields = this.reader.fields(message, 'type');
    while (await fields.next()) {
      if (fields.fieldNumber !== 1) continue;
      const tensor = this.reader.fields(fields.inner(), 'tensor type');
      while (await tensor.next()) {
        if (tensor.fieldNumber === 1) dataType = tensor.integer();
        else if (tensor.fieldNumber === 2) shape = await this.readShape(tensor.inner());
      }
    }
    return { dataType, shape: shape ?? [], hasShape: shape !== null };
  }

  private async readShape(message: WireMessage): Promise<OnnxValue['shape']> {
    const shape: (number | string | null)[] = [];
    const fields = this.reader.fields(message, 'shape');
    while (await fields.next()) {
      if (fields.fieldNumber !== 1) continue;
      if (shape.length >= MAX_RANK) throw fields.broken('more axes', `at most ${MAX_RANK} axes`);
      let size: number | string | null = null;
      const dimension = this.reader.fields(fields.inner(), 'dimension');
      while (await dimension.next()) {
        if (dimension.fieldNumber === 1) size = dimension.integer();
        else if (dimension.fieldNumber === 2) size = (await dimension.text()) || null;
      }
      shape.push(size);
    }
    return shape;
  }
}

function valueOf(name: string): OnnxValue {
  return { name, dataType: null, shape: [], hasShape: false };
}

function emptyGraph(): OnnxGraph {
  return {
    name: '',
    nodes: [],
    initializers: [],
    sparseInitializers: [],
    inputs: [],
    outputs: [],
  };
}
