import { readBytes, type ByteSource } from '../../io';
import { FormatError } from '../../errors';
import type { OnnxFunction, OnnxGraph, OnnxModel } from './messages';
import type { MessageCursor } from './protobuf/messageCursor';
import type { WireMessage, WireReader } from './protobuf/wireReader';
import { GraphReader } from './readGraphMessage';
import { readOpset } from './readOpset';
import { readEntry } from './readTensorMessage';

/** From this IR version on a model must say the versions of its operators. */
const FIRST_WITH_OPSETS = 3;

/**
 * Reads a ModelProto: everything but the numbers of its tensors.
 * @throws FormatError when it is no ModelProto, or lacks its IR version, operator sets or graph.
 */
export async function readModelMessage(source: ByteSource, reader: WireReader): Promise<OnnxModel> {
  await assertNoOtherFormat(source);
  const parts = new ModelParts(reader);
  const fields = reader.fields(reader.root, 'model');
  while (await fields.next()) await parts.take(fields);
  return parts.finish();
}

class ModelParts {
  private irVersion: number | null = null;
  private readonly texts = { producerName: '', producerVersion: '', domain: '', docString: '' };
  private modelVersion = 0;
  private readonly opsets = new Map<string, number>();
  private readonly metadataProps: Record<string, string> = {};
  private graph: WireMessage | null = null;
  private readonly functions: WireMessage[] = [];
  private readonly training: WireMessage[] = [];

  constructor(private readonly reader: WireReader) {}

  async take(fields: MessageCursor): Promise<void> {
    const { reader, texts } = this;
    if (fields.fieldNumber === 1) this.irVersion = fields.integer();
    else if (fields.fieldNumber === 2) texts.producerName = await fields.text();
    else if (fields.fieldNumber === 3) texts.producerVersion = await fields.text();
    else if (fields.fieldNumber === 4) texts.domain = await fields.text();
    else if (fields.fieldNumber === 5) this.modelVersion = fields.integer();
    else if (fields.fieldNumber === 6) texts.docString = await reader.excerpt(fields.range());
    else if (fields.fieldNumber === 7) {
      if (this.graph !== null) throw fields.broken('a second graph', 'one graph');
      this.graph = fields.inner();
    } else if (fields.fieldNumber === 8) {
      await readOpset(this.reader, fields.inner(), this.opsets);
    } else if (fields.fieldNumber === 14) {
      reader.countItem('metadata_props');
      const { key, value } = await readEntry(reader, fields.inner());
      Object.defineProperty(this.metadataProps, key, {
        value,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    } else if (fields.fieldNumber === 20) this.training.push(this.counted(fields));
    else if (fields.fieldNumber === 25) this.functions.push(this.counted(fields));
  }

  async finish(): Promise<OnnxModel> {
    const { irVersion, graph } = this;
    if (irVersion === null) throw this.missing('no ir_version');
    if (graph === null) throw this.missing('no graph');
    if (irVersion >= FIRST_WITH_OPSETS && this.opsets.size === 0) {
      throw this.missing('no opset_import');
    }
    const graphs = new GraphReader(this.reader);
    const { modelVersion, opsets, metadataProps, texts } = this;
    return {
      irVersion,
      ...texts,
      modelVersion,
      opsets,
      metadataProps,
      graph: await graphs.readGraph(graph),
      functions: await this.readFunctions(graphs),
      trainingGraphs: await this.readTraining(graphs),
    };
  }

  private counted(fields: MessageCursor): WireMessage {
    this.reader.countItem(fields.what);
    return fields.inner();
  }

  private async readFunctions(graphs: GraphReader): Promise<OnnxFunction[]> {
    const functions: OnnxFunction[] = [];
    for (const message of this.functions) functions.push(await graphs.readFunction(message));
    return functions;
  }

  /** TrainingInfoProto: initialization is field 1, algorithm field 2, both graphs. */
  private async readTraining(graphs: GraphReader): Promise<OnnxGraph[]> {
    const found: OnnxGraph[] = [];
    for (const message of this.training) {
      const fields = this.reader.fields(message, 'training information');
      while (await fields.next()) {
        if (fields.fieldNumber === 1 || fields.fieldNumber === 2) {
          found.push(await graphs.readGraph(fields.inner()));
        }
      }
    }
    return found;
  }

  private missing(found: string): FormatError {
    return this.reader.error('model', found, 'ir_version, opset_import and a graph');
  }
}

/** Protobuf takes nearly any bytes for fields, so what is plainly something else is called that. */
async function assertNoOtherFormat(source: ByteSource): Promise<void> {
  const start = await readBytes(source, 0, Math.min(64, source.byteLength));
  const text = new TextDecoder('latin1').decode(start);
  const found =
    start.length === 0
      ? 'an empty file'
      : /^\s*<(!doctype|html|\?xml|[a-z])/i.test(text)
        ? 'HTML or XML (perhaps a download that failed)'
        : text.startsWith('PK')
          ? 'a zip archive'
          : /^[\x20-\x7e\r\n\t]{16,}$/.test(text)
            ? `plain text that begins with ${JSON.stringify(text.slice(0, 16))}`
            : null;
  if (found === null) return;
  throw new FormatError({
    format: 'onnx',
    place: source.name,
    found,
    allowed: 'a protobuf ModelProto',
    byteOffset: 0,
  });
}
