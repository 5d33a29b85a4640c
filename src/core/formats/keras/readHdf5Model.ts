import type { Compression, ModelFiles } from '../../io';
import type { Model, TensorEntry } from '../../model/model';
import { inferLayers } from '../../graph/inferLayers';
import { HDF5 } from '../hdf5/hdf5Error';
import { type Hdf5File, readHdf5 } from '../hdf5/readHdf5';
import { isJsonObject, parseJson } from '../parseJson';
import { assembleModel, weightsOf } from './assembleModel';
import { modelOf, readStructure } from './kerasStructure';
import { isNumberedVariable, nameNumberedVariables } from './layerPaths';
import { isLegacy, isLegacyOptimizer, readLegacyWeights } from './legacyPaths';
import { WeightFiles } from './weightFiles';

const OPTIMIZER_GROUP = 'optimizer';

/**
 * Reads an HDF5 file: a whole Keras model (`.h5`), weights of Keras 2 or 3, or any other HDF5 file, whose data
 * sets are its tensors then.
 * @throws FormatError, UnsupportedError naming the data set; IoError.
 */
export async function readHdf5Model(files: ModelFiles, compression: Compression): Promise<Model> {
  const hdf5 = await readHdf5(files.main, compression);
  const weights = new WeightFiles([files.main], compression);
  const home = { fileIndex: 0, byteOffset: 0 };
  if (await isLegacy(hdf5.groups)) {
    weights.add(hdf5, home, (path) => (isLegacyOptimizer(path) ? 'optimizer' : 'parameter'));
    return readLegacyModel(hdf5, weights);
  }
  if (hdf5.datasets.some(({ path }) => isNumberedVariable(path))) {
    weights.add(hdf5, home, kerasRole);
    const names = await nameNumberedVariables(weights.tensors, hdf5.groups, null);
    const structure = readStructure(null, weights.tensors, names);
    return assembleModel(HDF5, weightsOf(weights), structure, {
      formatLabel: 'Keras weights (HDF5)',
      metadata: {},
    });
  }
  weights.add(hdf5, home, () => 'parameter');
  const structure = {
    layers: inferLayers(weights.tensors),
    graphMissing: 'the HDF5 file holds arrays, but no architecture',
    notices: [],
  };
  const formatLabel = `HDF5, superblock version ${hdf5.superblock.version}`;
  return assembleModel(HDF5, weightsOf(weights), structure, { formatLabel, metadata: {} });
}

/** Keras 3 keeps the optimizer's variables below `optimizer`. */
export function kerasRole(path: string): TensorEntry['role'] {
  return path.startsWith(`${OPTIMIZER_GROUP}/`) ? 'optimizer' : 'parameter';
}

async function readLegacyModel(hdf5: Hdf5File, weights: WeightFiles): Promise<Model> {
  const root = (await hdf5.groups.get('')?.texts()) ?? new Map<string, readonly string[]>();
  const inner = await hdf5.groups.get('model_weights')?.texts();
  const version = root.get('keras_version')?.[0] ?? inner?.get('keras_version')?.[0];
  const backend = root.get('backend')?.[0] ?? inner?.get('backend')?.[0];
  const topology = topologyOf(root.get('model_config')?.[0], version);
  const found = await readLegacyWeights(weights.tensors, hdf5.groups, modelOf(topology));
  const ordered = inOrder(weights.tensors, found.order);
  const structure = readStructure(topology, ordered, found.names);
  const said = Object.entries({ keras_version: version, backend });
  const kind = topology === null ? 'weights' : 'model';
  return assembleModel(HDF5, { ...weightsOf(weights), tensors: ordered }, structure, {
    formatLabel: `Keras ${version === undefined ? '' : `${version} `}${kind} (HDF5)`,
    metadata: Object.fromEntries(said.filter(([, value]) => value !== undefined)),
  });
}

function topologyOf(text: string | undefined, version: string | undefined): unknown {
  if (text === undefined) return null;
  const where = { format: HDF5, place: 'attribute model_config' };
  const config = parseJson(new TextEncoder().encode(text), where);
  if (!isJsonObject(config) || version === undefined) return config;
  return { ...config, keras_version: version };
}

/** As the layers list them; what no layer lists comes after. */
function inOrder(
  tensors: readonly TensorEntry[],
  order: readonly string[],
): readonly TensorEntry[] {
  const places = new Map(order.map((name, i) => [name, i]));
  const placeOf = ({ name }: TensorEntry): number => places.get(name) ?? order.length;
  return [...tensors].sort((a, b) => placeOf(a) - placeOf(b));
}
