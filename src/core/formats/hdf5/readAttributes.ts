import { MAX_HDF5_BLOCK_BYTES } from '../../limits';
import { readBtree2 } from './btree2';
import { decodeText, type FieldCursor } from './fieldCursor';
import { FractalHeap } from './fractalHeap';
import type { GlobalHeap } from './globalHeap';
import type { MetadataReader } from './metadataReader';
import { MessageType, type ObjectHeader, findMessage, sharedBody } from './objectHeader';
import { type Dataspace, parseDataspace } from './parseDataspace';
import { type Datatype, parseDatatype } from './parseDatatype';

/** An attribute whose value has not been decoded. */
export interface Attribute {
  readonly name: string;
  readonly datatype: Datatype;
  readonly space: Dataspace;
  readonly data: FieldCursor;
}

/** Type of the records of a B-tree over the names of attributes. */
const NAME_RECORDS = 8;
const RECORD_REST_BYTES = 9;

/**
 * The attributes of an object, kept in its header or, once they are many or large, in a fractal heap.
 * @throws FormatError
 * Source: HDF5 File Format Specification 3.0, sections IV.A.2.m and v.
 */
export async function readAttributes(
  reader: MetadataReader,
  header: ObjectHeader,
): Promise<ReadonlyMap<string, Attribute>> {
  const attributes = new Map<string, Attribute>();
  for (const message of header.messages) {
    if (message.type !== MessageType.attribute) continue;
    const body = message.body();
    const wanted = { type: message.type, place: header.place };
    const own = message.shared ? await sharedBody(reader, body, wanted) : body;
    const attribute = await parseAttribute(reader, own, header.place);
    attributes.set(attribute.name, attribute);
  }
  const info = findMessage(header, MessageType.attributeInfo);
  if (info === undefined) return attributes;
  for await (const cursor of readDense(reader, info.body(), header.place)) {
    const attribute = await parseAttribute(reader, cursor, header.place);
    attributes.set(attribute.name, attribute);
  }
  return attributes;
}

async function* readDense(
  reader: MetadataReader,
  body: FieldCursor,
  place: string,
): AsyncGenerator<FieldCursor, void, undefined> {
  body.version(0);
  const flags = body.u8();
  if ((flags & 1) !== 0) body.skip(2);
  const heapAddress = body.address();
  const treeAddress = body.address();
  if (heapAddress === null || treeAddress === null) return;
  const heap = await FractalHeap.open(reader, heapAddress, place);
  const recordBytes = heap.idBytes + RECORD_REST_BYTES;
  const kind = { type: NAME_RECORDS, recordBytes, place: `attributes of ${place}` };
  for await (const { cursor } of readBtree2(reader, treeAddress, kind)) {
    const id = cursor.section(heap.idBytes);
    // Shared attributes stand in another heap.
    if ((cursor.u8() & 2) === 0) yield await heap.object(id);
  }
}

async function parseAttribute(
  reader: MetadataReader,
  cursor: FieldCursor,
  place: string,
): Promise<Attribute> {
  const version = cursor.u8();
  if (version < 1 || version > 3) throw cursor.bad(`version ${version}`, 'versions 1 to 3');
  const flags = cursor.u8();
  const sizes = [cursor.u16(), cursor.u16(), cursor.u16()] as const;
  if (version === 3) cursor.skip(1);
  const part = (byteLength: number): FieldCursor => {
    // Version 1 fills each part up to a multiple of 8.
    const padding = version === 1 ? (8 - (byteLength % 8)) % 8 : 0;
    const section = cursor.section(byteLength);
    cursor.skip(padding);
    return section;
  };
  const name = decodeText(part(sizes[0]).bytes).replace(/\0.*$/s, '');
  const type = part(sizes[1]);
  const space = part(sizes[2]);
  const what = `attribute ${JSON.stringify(name)} of ${place}`;
  const wanted = { type: MessageType.datatype, place: what };
  const shared = version > 1 && (flags & 1) !== 0;
  return {
    name,
    datatype: parseDatatype(shared ? await sharedBody(reader, type, wanted) : type),
    space: parseDataspace(space),
    data: cursor.section(cursor.remaining),
  };
}

/**
 * The text, or list of texts, that an attribute holds; null where it holds something else.
 * @throws FormatError when its bytes end early or its text is larger than any model's.
 */
export async function attributeTexts(
  attribute: Attribute | undefined,
  heap: GlobalHeap,
): Promise<readonly string[] | null> {
  if (attribute === undefined) return null;
  const { datatype, space, data } = attribute;
  if (datatype.kind !== 'fixedString' && datatype.kind !== 'variableString') return null;
  if (space.shape === null) return null;
  const count = space.shape.reduce((product, size) => product * size, 1);
  if (count * datatype.byteLength > data.bytes.length) {
    throw data.bad(`${count} texts of ${datatype.byteLength} bytes`, `${data.bytes.length} bytes`);
  }
  data.position = 0;
  const texts: string[] = [];
  let byteLength = 0;
  for (let i = 0; i < count; i++) {
    const element = data.section(datatype.byteLength);
    const bytes = datatype.kind === 'fixedString' ? element.bytes : await heap.value(element);
    byteLength += bytes.length;
    if (byteLength > MAX_HDF5_BLOCK_BYTES) {
      throw data.bad(`more than ${MAX_HDF5_BLOCK_BYTES} bytes of text`, 'less');
    }
    texts.push(decodeText(bytes).replace(/\0.*$/s, ''));
  }
  return texts;
}
