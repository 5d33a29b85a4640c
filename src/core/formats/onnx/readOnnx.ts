import { lazyGraph } from '../../graph/lazyGraph';
import type { ModelFiles } from '../../io';
import type { Model } from '../../model/model';
import { collectLayers } from './collectLayers';
import { assertAcyclic, findDanglingInputs } from './graphChecks';
import { type LoweringSource, lowerOnnxGraph } from './lowering/lowerOnnxGraph';
import { readSmallTensors } from './lowering/smallTensors';
import { modelInterface } from './modelInterface';
import type { OnnxModel } from './messages';
import { readModelTensors } from './modelTensors';
import { WireReader } from './protobuf/wireReader';
import { readModelMessage } from './readModelMessage';
import { withAffineCodes } from './affineCodes';
import { onnxContainers } from './onnxContainer';

/**
 * Reads an ONNX model of any size: the messages around the weights, never the weights themselves.
 * Tensors are the initializers and the constants, also those of graphs inside nodes and of functions.
 * @throws FormatError, UnsupportedError, IoError.
 * Source: onnx.proto and IR.md of ONNX 1.23.
 */
export async function readOnnx(files: ModelFiles): Promise<Model> {
  const reader = new WireReader(files.main, 'onnx');
  const onnx = await readModelMessage(files.main, reader);
  assertAcyclic(onnx, reader);
  const tensors = await readModelTensors(onnx, files, reader);
  const { layers, codes, byNode } = collectLayers(onnx, tensors.byMessage);
  const model = await withAffineCodes(
    {
      format: 'onnx',
      formatLabel: labelOf(onnx),
      metadata: metadataOf(onnx),
      files: tensors.files,
      tensors: tensors.entries,
      layers,
      interface: modelInterface(onnx.graph),
      checksums: [],
      containers: onnxContainers(tensors),
      ...(hasSparseWeights(onnx, tensors.byMessage, layers) ? { packed: true as const } : {}),
      notices: [...tensors.notices, ...findDanglingInputs(onnx)],
    },
    codes,
  );
  return withGraph(
    model,
    { onnx, tensors: tensors.byMessage, codes, layersByNode: byNode },
    reader,
  );
}

/**
 * The model with its graph at the declared shapes, and the way to lower it at others. Neither is done before
 * someone asks: looking at a graph of 100,000 nodes and pruning it needs its layers only.
 */
async function withGraph(
  model: Model,
  found: Omit<LoweringSource, 'small'>,
  reader: WireReader,
): Promise<Model> {
  const entries = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  // With the scales of their codes, which were read meanwhile.
  const tensors = new Map(
    [...found.tensors].map(([message, { name }]) => [message, entries.get(name)] as const),
  );
  const known = new Map([...tensors].flatMap(([message, one]) => (one ? [[message, one]] : [])));
  const small = await readSmallTensors(found.onnx, model, known, reader);
  const source = { ...found, tensors: known, small };
  return {
    ...model,
    graph: lazyGraph(() => lowerOnnxGraph(source)),
    lowerGraph: (inputShapes) => lowerOnnxGraph(source, inputShapes),
  };
}

/** Whether weights of layers are sparse initializers, as packing makes them. */
function hasSparseWeights(
  { graph }: OnnxModel,
  byMessage: LoweringSource['tensors'],
  layers: Model['layers'],
): boolean {
  const sparse = new Set(graph.sparseInitializers.map((one) => byMessage.get(one)?.name));
  return layers.some(({ weight }) => weight !== undefined && sparse.has(weight));
}

function labelOf({ irVersion, opsets, producerName, producerVersion }: OnnxModel): string {
  const opset = opsets.get('ai.onnx');
  const version = opset === undefined ? `IR version ${irVersion}` : `opset ${opset}`;
  const producer = [producerName, producerVersion].filter((text) => text !== '').join(' ');
  return `ONNX, ${version}${producer === '' ? '' : `, ${producer}`}`;
}

function metadataOf(onnx: OnnxModel): Record<string, unknown> {
  const { irVersion, producerName, producerVersion, domain, modelVersion, docString } = onnx;
  return {
    irVersion,
    opsets: Object.fromEntries(onnx.opsets),
    producerName,
    producerVersion,
    domain,
    modelVersion,
    docString,
    graphName: onnx.graph.name,
    nodeCount: onnx.graph.nodes.length,
    functionCount: onnx.functions.length,
    metadataProps: onnx.metadataProps,
  };
}
