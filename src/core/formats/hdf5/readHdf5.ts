import type { ByteSource, Compression } from '../../io';
import type { TensorEntry } from '../../model/model';
import { GlobalHeap } from './globalHeap';
import { malformed } from './hdf5Error';
import { MetadataReader } from './metadataReader';
import { findMessage, MessageType, type ObjectHeader, readObjectHeader } from './objectHeader';
import { attributeTexts, readAttributes } from './readAttributes';
import { type Dataset, DatasetReader } from './readDatasets';
import { type FoundLink, type FoundObject, readObjects } from './readObjects';
import { type NodeHalves, readSuperblock, type Superblock } from './superblock';

/** An opened HDF5 file: what it holds and where, none of its values. */
export interface Hdf5File {
  readonly source: ByteSource;
  readonly superblock: Superblock;
  /** Paths of groups, without the leading slash; the root is ''. */
  readonly groups: ReadonlyMap<string, Hdf5Group>;
  readonly datasets: readonly Dataset[];
  /** Data sets without any elements. */
  readonly emptyPaths: readonly string[];
  readonly links: readonly FoundLink[];
}

/** A group, with its attributes read once they are asked for. */
export interface Hdf5Group {
  readonly path: string;
  /** Names and values of the attributes that are texts or lists of texts. */
  texts(): Promise<ReadonlyMap<string, readonly string[]>>;
}

/**
 * Reads the structure of an HDF5 file: superblocks 0 to 3, groups of both styles, every layout and index of
 * chunks. Bytes read: structures only, never values.
 * @throws FormatError for broken structures, also when the file is shorter than its superblock says;
 *   UnsupportedError naming the data set and the filter.
 * Source: HDF5 File Format Specification 3.0.
 */
export async function readHdf5(source: ByteSource, compression: Compression): Promise<Hdf5File> {
  const superblock = await readSuperblock(source);
  const reader = new MetadataReader(source, superblock.extent);
  const halves = await readNodeHalves(reader, superblock);
  const found = await readObjects(reader, superblock.rootAddress, halves);
  const heap = new GlobalHeap(reader);
  const groups = new Map<string, Hdf5Group>();
  const datasets: Dataset[] = [];
  const emptyPaths: string[] = [];
  const datasetReader = new DatasetReader(reader, compression, halves.chunk, heap);
  for (const object of found.objects) {
    if (object.kind === 'group') groups.set(object.path, makeGroup(reader, object, heap));
    if (object.kind !== 'dataset') continue;
    const dataset = await datasetReader.read(object);
    if (dataset === null) emptyPaths.push(object.path);
    else datasets.push(dataset);
  }
  assertApart(datasets);
  return { source, superblock, groups, datasets, emptyPaths, links: found.links };
}

function makeGroup(
  reader: MetadataReader,
  { path, header }: FoundObject,
  heap: GlobalHeap,
): Hdf5Group {
  let reading: Promise<ReadonlyMap<string, readonly string[]>> | null = null;
  return { path, texts: () => (reading ??= readTexts(reader, header, heap)) };
}

async function readTexts(
  reader: MetadataReader,
  header: ObjectHeader,
  heap: GlobalHeap,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const texts = new Map<string, readonly string[]>();
  for (const [name, attribute] of await readAttributes(reader, header)) {
    const values = await attributeTexts(attribute, heap);
    if (values !== null) texts.set(name, values);
  }
  return texts;
}

/** Files with version 2 and 3 superblocks state other node sizes than the default in their extension. */
async function readNodeHalves(
  reader: MetadataReader,
  { extensionAddress, nodeHalves }: Superblock,
): Promise<NodeHalves> {
  if (extensionAddress === null) return nodeHalves;
  const header = await readObjectHeader(reader, extensionAddress, 'the superblock extension');
  const message = findMessage(header, MessageType.nodeHalves);
  if (message === undefined) return nodeHalves;
  const body = message.body();
  body.version(0);
  return { chunk: body.u16(), groupInternal: body.u16(), groupLeaf: body.u16() };
}

/** @throws FormatError where two data sets share bytes: an edit of one would change the other. */
function assertApart(datasets: readonly Dataset[]): void {
  const runs = datasets.flatMap(({ path, storage }) =>
    storage.kind === 'plain' && storage.byteLength > 0 ? [{ path, ...storage }] : [],
  );
  runs.sort((a, b) => a.byteOffset - b.byteOffset);
  runs.forEach((run, i) => {
    const before = runs[i - 1];
    if (before === undefined || before.byteOffset + before.byteLength <= run.byteOffset) return;
    throw malformed({
      place: `data set ${JSON.stringify(run.path)}`,
      found: `bytes that are also those of ${JSON.stringify(before.path)}`,
      allowed: 'bytes of its own',
      byteOffset: run.byteOffset,
    });
  });
}

/** The element type as tensors of any format have it. */
export function datasetTensor(
  dataset: Dataset,
  fields: Pick<TensorEntry, 'name' | 'role' | 'spans'>,
): TensorEntry {
  const { datatype, shape, elementCount } = dataset;
  return {
    ...fields,
    shape,
    dtype: datatype.dtype ?? 'string',
    ...(datatype.dtype === null ? { dtypeLabel: datatype.label } : {}),
    elementCount,
    storedElementBytes: datatype.byteLength,
    littleEndian: datatype.littleEndian,
    storageOrder: null,
  };
}
