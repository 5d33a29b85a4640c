import { FormatError, type Place } from '../../errors';
import type { Hdf5Group } from '../hdf5/readHdf5';
import { describeJson, isJsonObject } from '../parseJson';

/** Groups of one or several HDF5 files by path. */
export type Hdf5Groups = ReadonlyMap<string, Hdf5Group>;

/**
 * The shards that a `.weights.json` names, each once, in its order.
 * @throws FormatError when it is no index, or names no shard.
 * Source: ShardedH5IOStore of Keras 3.15, saving_lib.py.
 */
export function shardNames(json: unknown, where: Place): readonly string[] {
  const map = isJsonObject(json) ? json['weight_map'] : undefined;
  if (!isJsonObject(map)) {
    const found = describeJson(json);
    throw new FormatError({ ...where, found, allowed: 'an object with a weight_map' });
  }
  const names = new Set<string>();
  for (const [path, value] of Object.entries(map)) {
    // A group whose variables lie in several shards has a list.
    for (const name of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      if (typeof name !== 'string' || name === '') {
        const found = `${describeJson(name)} for ${JSON.stringify(path)}`;
        throw new FormatError({ ...where, found, allowed: 'names of shards' });
      }
      names.add(name);
    }
  }
  if (names.size > 0) return [...names].sort();
  throw new FormatError({ ...where, found: 'no shard', allowed: 'at least one' });
}
