import type { ElementType } from '../../../graph/graph';
import type { CallArgument } from '../inboundNodes';
import type { LayerContext } from '../layerContext';
import { type NumberArray, readNumbers } from '../readNumbers';

/** JSON of an argument without tensors; undefined where there are some. */
export function constantOf(argument: CallArgument<string> | undefined): unknown {
  if (argument === undefined) return undefined;
  if (argument.kind === 'constant') return argument.value;
  if (argument.kind === 'tensor') return undefined;
  const items = argument.items.map(constantOf);
  return items.includes(undefined) ? undefined : items;
}

/**
 * A setting of a function: in its configuration, as Keras 3 keeps most of them, or among its arguments.
 * @returns undefined where it is not said
 */
export function setting(
  layer: LayerContext,
  name: string,
  position: number | null = null,
): unknown {
  if (layer.config.has(name)) return layer.config.raw(name);
  return constantOf(layer.argument(position, name)) ?? undefined;
}

/** @throws UnsupportedError where the setting is something else. */
export function integerSetting(
  layer: LayerContext,
  name: string,
  {
    position = null,
    fallback,
  }: { readonly position?: number | null; readonly fallback?: number } = {},
): number {
  const value = setting(layer, name, position) ?? fallback;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw layer.unsupported(`${name} other than a whole number`, 'a whole number');
}

export function booleanSetting(layer: LayerContext, name: string, fallback: boolean): boolean {
  const value = setting(layer, name) ?? fallback;
  if (typeof value === 'boolean') return value;
  throw layer.unsupported(`${name} other than true or false`, 'true, false');
}

/** One whole number or a list of them; null where it is not said. */
export function axesSetting(
  layer: LayerContext,
  name: string,
  position: number | null = null,
): readonly number[] | null {
  const value = setting(layer, name, position);
  if (value === undefined) return null;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.every((axis) => Number.isSafeInteger(axis))) return list as readonly number[];
  throw layer.unsupported(`${name} other than whole numbers`, 'whole numbers');
}

/** What a function works on: a value of the graph, or an array that stands in the file. */
type Operand = { readonly value: string } | { readonly array: NumberArray };

/** @throws UnsupportedError where there is neither. */
function operandAt(layer: LayerContext, position: number, name: string): Operand {
  const argument = layer.argument(position, name);
  if (argument?.kind === 'tensor') return { value: argument.tensor };
  const array = readNumbers(constantOf(argument));
  if (array !== null) return { array };
  throw layer.unsupported(`no ${name}`, 'a tensor or numbers');
}

/** One operand as a value, an array of the file as a constant. */
export function operand(layer: LayerContext, position: number, name: string): string {
  const found = operandAt(layer, position, name);
  return 'value' in found ? found.value : asConstant(layer, found.array, typeOf(found.array));
}

/**
 * Several operands in one type, as Keras' promotion gives it: float where one of them is.
 * @param least the type below which nothing stays
 */
export function operands(
  layer: LayerContext,
  names: readonly string[],
  least: ElementType = 'bool',
): readonly string[] {
  const found = names.map((name, position) => operandAt(layer, position, name));
  const types = found.map((one) => ('value' in one ? layer.type(one.value) : typeOf(one.array)));
  const type = widest([...types, least]);
  return found.map((one) =>
    'value' in one ? layer.cast(one.value, type) : asConstant(layer, one.array, type),
  );
}

function widest(types: readonly ElementType[]): ElementType {
  if (types.includes('float32')) return 'float32';
  return types.includes('int32') ? 'int32' : 'bool';
}

/** A plain number that is whole takes the type of what it stands with. */
function typeOf({ dtype, values, isBool }: NumberArray): ElementType {
  if (isBool || dtype === 'bool') return 'bool';
  if (dtype !== null) return /^u?int/.test(dtype) ? 'int32' : 'float32';
  return values.every(Number.isSafeInteger) ? 'int32' : 'float32';
}

function asConstant(layer: LayerContext, array: NumberArray, type: ElementType): string {
  return layer.constant(array.values, array.shape, type);
}

/** All tensors of the first argument, which is a list. */
export function listOperands(layer: LayerContext): readonly [string, ...string[]] {
  return layer.assertInputCount(1);
}
