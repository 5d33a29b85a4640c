import { isJsonObject } from '../parseJson';
import type { ConfigFields } from './configFields';

/**
 * The name of a layer's dtype policy where that stores codes with scales of their own (int8, int4, float8);
 * null for policies of plain floats, mixed precision among them.
 * Source: QuantizedDTypePolicy of Keras 3.15.
 */
export function quantizedPolicy(config: ConfigFields): string | null {
  const policy = config.raw('dtype');
  const settings = isJsonObject(policy) ? policy['config'] : undefined;
  const inner = isJsonObject(settings) ? settings : {};
  const name = typeof policy === 'string' ? policy : inner['name'];
  const mode = inner['mode'];
  if (typeof mode === 'string') return mode;
  return typeof name === 'string' && name.includes('_from_') ? name : null;
}
