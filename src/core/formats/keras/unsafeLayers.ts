import type { Notice } from '../../model/model';
import { isJsonObject } from '../parseJson';

/** Modules that Keras itself imports classes from. */
const KERAS_MODULE =
  /^(keras|keras_hub|keras_nlp|keras_cv|tf_keras|tensorflow\.keras|tensorflow\.python\.keras)(\.|$)/;
const MAX_NAMED = 20;

/**
 * What loading the configuration with Keras would run: Lambda layers with marshalled Python code, and names
 * imported from modules other than Keras'. Nothing of it is run here; it is only said.
 * @param config as JSON, whose depth is bounded where it was parsed
 */
export function unsafeLayers(config: unknown): readonly Notice[] {
  const found = new Set<string>();
  const pending: unknown[] = [config];
  while (pending.length > 0) {
    const value = pending.pop();
    if (!isJsonObject(value) && !Array.isArray(value)) continue;
    const said = isJsonObject(value) ? unsafeObject(value) : null;
    if (said !== null) found.add(said);
    for (const child of Object.values(value)) pending.push(child);
  }
  const messages = [...found].sort();
  const more = messages.length - MAX_NAMED;
  return [
    ...messages.slice(0, MAX_NAMED),
    ...(more > 0 ? [`${more} more parts of the configuration run code of their own`] : []),
  ].map((message) => ({ code: 'unsafe-layer', message }));
}

function unsafeObject(value: Readonly<Record<string, unknown>>): string | null {
  const { class_name: className, config, module } = value;
  if (className === 'Lambda' && isJsonObject(config)) {
    const name = typeof config['name'] === 'string' ? config['name'] : 'without a name';
    return `the Lambda layer ${JSON.stringify(name)} holds Python code, which Keras would run; it is shown, never run`;
  }
  if (className === '__lambda__') {
    return 'the configuration holds a lambda of Python code, which Keras would run; it is never run here';
  }
  if (typeof module !== 'string' || typeof className !== 'string') return null;
  if (KERAS_MODULE.test(module) || isBuiltInFunction(value)) return null;
  return `the configuration names ${JSON.stringify(className)} of the Python module ${JSON.stringify(module)}, which Keras would import; it is not run here`;
}

/** Keras' own losses and metrics, which it looks up by name. */
function isBuiltInFunction(value: Readonly<Record<string, unknown>>): boolean {
  const { class_name: className, config, module, registered_name: registered } = value;
  return (
    module === 'builtins' &&
    className === 'function' &&
    registered === 'function' &&
    typeof config === 'string' &&
    /^[a-z0-9_]+$/.test(config)
  );
}
