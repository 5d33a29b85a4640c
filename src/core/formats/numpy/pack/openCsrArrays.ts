import { FormatError, type Place } from '../../../errors';
import { inferLayers } from '../../../graph/inferLayers';
import type { ByteSource } from '../../../io';
import { MAX_RANK, MAX_SPARSE_RATIO, SPARSE_RATIO_FREE_BYTES } from '../../../limits';
import { type Model, modelByteLength, type TensorEntry } from '../../../model/model';
import { matrixShape } from '../../../pack/countKept';
import { assertShape, countElements } from '../../shape';
import { type CsrArrays, CsrMatrix } from './csrMatrix';
import { CSR_FORMAT, CSR_PARTS, type CsrPart, csrPartName, NAME_PART, UNNAMED } from './csrLayout';
import { readIntegers, readText } from './smallArrays';

/** What scipy.sparse.save_npz says of arrays (not matrices) besides. */
const IS_ARRAY = '_is_array';

/**
 * An archive whose arrays in compressed sparse row form are the dense ones they stand for, decoded as they are
 * read; the model itself where it has none. An array `x.format` of the text `csr` marks `x`, as one named `format` does in
 * the files of scipy.sparse.save_npz. Opening reads shapes; reading checks indices.
 * @throws FormatError where arrays are missing, do not fit together, or claim too much.
 */
export async function openCsrArrays(model: Model): Promise<Model> {
  const finder = new CsrFinder(model);
  const found: CsrMatrix[] = [];
  for (const marker of model.tensors) {
    const array = await finder.markedArray(marker);
    if (array !== undefined) found.push(new CsrMatrix(model, await finder.arraysOf(array)));
  }
  if (found.length === 0) return model;
  assertTotal(model, found);
  const tensors = denseTensors(model, found);
  return {
    ...model,
    formatLabel: 'NumPy archive, packed without its zeros',
    files: [...model.files, ...found],
    tensors,
    layers: inferLayers(tensors),
    packed: true,
  };
}

/** The dense arrays stand where the first array of each stood. */
function denseTensors(model: Model, found: readonly CsrMatrix[]): readonly TensorEntry[] {
  const owners = new Map(
    found.flatMap((matrix, i) =>
      matrix.arrays.partNames.map((name) => [name, { matrix, fileIndex: model.files.length + i }]),
    ),
  );
  const placed = new Set<ByteSource>();
  return model.tensors.flatMap((tensor) => {
    const owner = owners.get(tensor.name);
    if (owner === undefined) return [tensor];
    if (placed.has(owner.matrix)) return [];
    placed.add(owner.matrix);
    return [denseTensor(owner.matrix, owner.fileIndex)];
  });
}

function denseTensor({ arrays, byteLength }: CsrMatrix, fileIndex: number): TensorEntry {
  const { name, shape, data } = arrays;
  return {
    name,
    shape,
    dtype: data.dtype,
    elementCount: byteLength / data.storedElementBytes,
    storedElementBytes: data.storedElementBytes,
    spans: [{ fileIndex, byteOffset: 0, byteLength }],
    littleEndian: data.littleEndian,
    storageOrder: null,
    role: 'parameter',
  };
}

class CsrFinder {
  private readonly byName: ReadonlyMap<string, TensorEntry>;

  constructor(private readonly model: Model) {
    this.byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  }

  /** The array that is marked as sparse by this one; undefined where it marks none. */
  async markedArray(marker: TensorEntry): Promise<string | null | undefined> {
    const { name, shape, dtypeLabel, storedElementBytes } = marker;
    const isText = dtypeLabel?.startsWith('|S') === true && shape.length === 0;
    if (!isText || storedElementBytes !== CSR_FORMAT.length) return undefined;
    if (name !== 'format' && !name.endsWith('.format')) return undefined;
    if ((await readText(this.model, marker)) !== CSR_FORMAT) return undefined;
    return name === 'format' ? null : name.slice(0, -'.format'.length);
  }

  async arraysOf(array: string | null): Promise<CsrArrays> {
    const part = (name: CsrPart): TensorEntry => this.part(csrPartName(array, name));
    const [indices, indptr, data] = [part('indices'), part('indptr'), part('data')];
    const shape = await this.shapeOf(part('shape'), data);
    const { rows } = matrixShape(shape);
    assertIndices(indices, data.elementCount, `as many as in ${JSON.stringify(data.name)}`);
    assertIndices(indptr, rows + 1, `one more than rows in shape [${shape.join(', ')}]`);
    if (data.shape.length !== 1 || data.dtypeLabel !== undefined) {
      throw broken(data.name, describe(data), 'one axis of numbers');
    }
    const partNames = CSR_PARTS.map((name) => csrPartName(array, name));
    const name = array ?? (await this.ownName());
    if (this.byName.has(name)) {
      throw broken(name, 'an array beside its sparse form', 'one of the two');
    }
    if (array !== null) return { name, shape, indices, indptr, data, partNames };
    return { name, shape, indices, indptr, data, partNames: [...partNames, NAME_PART, IS_ARRAY] };
  }

  private part(name: string): TensorEntry {
    const part = this.byName.get(name);
    if (part !== undefined) return part;
    throw broken(name, 'no such array', `the ${CSR_PARTS.length} arrays of a sparse matrix`);
  }

  private async shapeOf(part: TensorEntry, data: TensorEntry): Promise<readonly number[]> {
    if (part.shape.length !== 1 || part.elementCount > MAX_RANK) {
      throw broken(part.name, describe(part), `at most ${MAX_RANK} whole numbers`);
    }
    assertIndices(part, part.elementCount, 'of any length');
    const where = placeOf(part.name);
    const shape = assertShape(await readIntegers(this.model, part), where);
    countElements(shape, data.storedElementBytes, where);
    return shape;
  }

  /** The name that a single matrix had. */
  private async ownName(): Promise<string> {
    const part = this.byName.get(NAME_PART);
    if (part === undefined) return UNNAMED;
    const isText = part.dtypeLabel?.startsWith('|S') === true && part.shape.length === 0;
    if (!isText) throw broken(NAME_PART, describe(part), 'a text');
    return readText(this.model, part);
  }
}

function assertIndices(part: TensorEntry, count: number, allowed: string): void {
  const isInteger = part.dtype === 'int32' || part.dtype === 'int64';
  if (isInteger && part.shape.length === 1 && part.elementCount === count) return;
  throw broken(part.name, describe(part), `${count} of int32 or int64, ${allowed}`);
}

/** Before anything is decoded: what the archive claims is bounded by what it holds. */
function assertTotal(model: Model, found: readonly CsrMatrix[]): void {
  const total = found.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const most = SPARSE_RATIO_FREE_BYTES + MAX_SPARSE_RATIO * modelByteLength(model);
  if (total <= most) return;
  throw new FormatError({
    format: 'npz',
    place: 'sparse arrays',
    found: `${total} bytes when written out`,
    allowed: `at most ${most} of an archive of ${modelByteLength(model)} bytes`,
  });
}

function describe({ dtype, dtypeLabel, shape }: TensorEntry): string {
  return `${dtypeLabel ?? dtype} of shape [${shape.join(', ')}]`;
}

function placeOf(name: string): Place {
  return { format: 'npz', place: `array ${JSON.stringify(name)}` };
}

function broken(name: string, found: string, allowed: string): FormatError {
  return new FormatError({ ...placeOf(name), found, allowed });
}
