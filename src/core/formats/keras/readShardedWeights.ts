import { FormatError } from '../../errors';
import { type Compression, type ModelFiles, readBytes } from '../../io';
import { MAX_MODEL_JSON_BYTES } from '../../limits';
import type { Model } from '../../model/model';
import type { Hdf5Group } from '../hdf5/readHdf5';
import { readHdf5 } from '../hdf5/readHdf5';
import { parseJson } from '../parseJson';
import { assembleModel, weightsOf } from './assembleModel';
import { readStructure } from './kerasStructure';
import { nameNumberedVariables } from './layerPaths';
import { kerasRole } from './readHdf5Model';
import { shardNames } from './shardNames';
import { WeightFiles } from './weightFiles';

const FORMAT = 'keras-sharded';

/**
 * Reads weights that Keras 3 split over several HDF5 files, from their index `*.weights.json`.
 * @throws FormatError, UnsupportedError naming the shard; IoError for one that cannot be opened.
 */
export async function readShardedWeights(
  files: ModelFiles,
  compression: Compression,
): Promise<Model> {
  const { main } = files;
  const where = { format: FORMAT, place: main.name };
  if (main.byteLength > MAX_MODEL_JSON_BYTES) {
    const found = `${main.byteLength} bytes of JSON`;
    throw new FormatError({ ...where, found, allowed: `at most ${MAX_MODEL_JSON_BYTES}` });
  }
  const json = parseJson(await readBytes(main, 0, main.byteLength), where);
  const shards = await files.openBeside(shardNames(json, where), FORMAT);
  const weights = new WeightFiles([main, ...shards], compression);
  const groups = new Map<string, Hdf5Group>();
  for (const [i, shard] of shards.entries()) {
    const hdf5 = await readHdf5(shard, compression);
    weights.add(hdf5, { fileIndex: 1 + i, byteOffset: 0 }, kerasRole);
    for (const [path, group] of hdf5.groups) groups.set(path, group);
  }
  const names = await nameNumberedVariables(weights.tensors, groups, null);
  const structure = readStructure(null, weights.tensors, names);
  return assembleModel(FORMAT, weightsOf(weights), structure, {
    formatLabel: `Keras weights in ${shards.length} shards`,
    metadata: {},
  });
}
