import type { FileMetaData } from 'hyparquet';
import { isJsonObject, parseJson } from '../../../core/formats/parseJson';

/**
 * The names of numbered classes that Hugging Face's datasets library keeps in a Parquet file's metadata:
 * `info.features.<column>` with `_type` ClassLabel.
 */
export function huggingFaceClasses(
  { key_value_metadata: pairs }: FileMetaData,
  place: string,
): ReadonlyMap<string, readonly string[]> {
  const classes = new Map<string, readonly string[]>();
  const text = pairs?.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return classes;
  const where = { format: 'parquet', place: `${place}, metadata huggingface` };
  const root = parseJson(new TextEncoder().encode(text), where);
  const info = isJsonObject(root) ? root['info'] : undefined;
  const features = isJsonObject(info) ? info['features'] : undefined;
  if (!isJsonObject(features)) return classes;
  for (const [column, feature] of Object.entries(features)) {
    const names = isJsonObject(feature) ? feature['names'] : undefined;
    if (Array.isArray(names) && names.every((name) => typeof name === 'string')) {
      classes.set(column, names);
    }
  }
  return classes;
}
