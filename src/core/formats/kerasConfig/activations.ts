import type { ActivationFunction, ActivationOperator } from '../../graph/operators/activation';
import type { OpaqueOperator } from '../../graph/operators/operator';
import { type KerasGeneration, kerasActivation } from '../../graph/kerasActivations';
import { describeJson, isJsonObject } from '../parseJson';
import { ConfigFields, malformed } from './configFields';
import { activationOfClass } from './layers/activation';

/**
 * The function that a field names: by name, or by the object Keras 3 writes for a function or a layer.
 * @returns an opaque operator for a custom function
 * @throws FormatError when the field is neither.
 */
export function readActivation(
  config: ConfigFields,
  generation: KerasGeneration,
  field = 'activation',
): ActivationOperator | OpaqueOperator {
  const value = config.raw(field) ?? 'linear';
  if (typeof value === 'string') return named(value, generation);
  if (!isJsonObject(value)) {
    throw malformed(`${config.place}: ${field}`, describeJson(value), 'the name of a function');
  }
  const { config: inner, class_name: className } = value;
  if (typeof inner === 'string') return named(inner, generation);
  const settings = isJsonObject(inner) ? inner : {};
  const layer = new ConfigFields(settings, `${config.place}: ${field}`);
  const known = typeof className === 'string' ? activationOfClass(className, layer) : null;
  if (known !== null) return { kind: 'activation', function: known };
  return { kind: 'opaque', name: typeof className === 'string' ? className : 'activation' };
}

/**
 * The same, where a layer cannot do without the function itself.
 * @returns null for a custom function
 */
export function readActivationFunction(
  config: ConfigFields,
  generation: KerasGeneration,
  field: string,
): ActivationFunction | null {
  const operator = readActivation(config, generation, field);
  return operator.kind === 'opaque' ? null : operator.function;
}

function named(name: string, generation: KerasGeneration): ActivationOperator | OpaqueOperator {
  const known = kerasActivation(name, generation);
  return known === null ? { kind: 'opaque', name } : { kind: 'activation', function: known };
}
