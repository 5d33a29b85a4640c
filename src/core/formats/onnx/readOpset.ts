import type { WireMessage, WireReader } from './protobuf/wireReader';

/**
 * Reads an OperatorSetIdProto into `opsets`, under its domain; the standard one is called `ai.onnx`.
 * @throws FormatError
 */
export async function readOpset(
  reader: WireReader,
  message: WireMessage,
  opsets: Map<string, number>,
): Promise<void> {
  reader.countItem('opset_import');
  let domain = '';
  let version = 0;
  const fields = reader.fields(message, 'opset_import');
  while (await fields.next()) {
    if (fields.fieldNumber === 1) domain = await fields.text();
    else if (fields.fieldNumber === 2) version = fields.integer();
  }
  opsets.set(domain === '' ? 'ai.onnx' : domain, version);
}
