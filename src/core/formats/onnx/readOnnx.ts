import type { ModelFiles } from '../../io';
import type { Model } from '../../model/model';
import { collectLayers } from './collectLayers';
import { assertAcyclic, findDanglingInputs } from './graphChecks';
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
  const { layers, codes } = collectLayers(onnx, tensors.byMessage);
  return withAffineCodes(
    {
      format: 'onnx',
      formatLabel: labelOf(onnx),
      metadata: metadataOf(onnx),
      files: tensors.files,
      tensors: tensors.entries,
      layers,
      graphMissing: 'ONNX graphs cannot be run yet',
      interface: modelInterface(onnx.graph),
      checksums: [],
      containers: onnxContainers(tensors),
      notices: [...tensors.notices, ...findDanglingInputs(onnx)],
    },
    codes,
  );
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
