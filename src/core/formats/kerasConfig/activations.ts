import type { ActivationFunction } from '../../graph/operators/activation';
import { type KerasGeneration, kerasActivation } from '../../graph/kerasActivations';
import { describeJson, isJsonObject } from '../parseJson';
import { type ConfigFields, malformed } from './configFields';

/**
 * The function of a layer's `activation`: a name, or the object Keras 3 writes for a function.
 * @returns null for a custom function, or one with settings of its own: the bare name does not say them.
 * @throws FormatError when the field is neither.
 */
export function readActivation(
  config: ConfigFields,
  generation: KerasGeneration,
): ActivationFunction | null {
  const value = config.raw('activation') ?? 'linear';
  if (typeof value === 'string') return kerasActivation(value, generation);
  if (!isJsonObject(value)) {
    throw malformed(`${config.place}: activation`, describeJson(value), 'the name of a function');
  }
  const name = value['config'];
  return typeof name === 'string' ? kerasActivation(name, generation) : null;
}

/** How the activation is called in the file, for messages. */
export function describeActivation(config: ConfigFields): string {
  const value = config.raw('activation');
  if (typeof value === 'string') return value;
  const { config: name, class_name: className } = isJsonObject(value) ? value : {};
  if (typeof name === 'string') return name;
  return typeof className === 'string' ? className : 'activation';
}
