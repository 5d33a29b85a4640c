import { maskBit } from './maskBit';

/** target[i] = values[places[offset + i]]. */
export function takePlaces(
  values: Float32Array | Float64Array,
  places: Float64Array,
  offset: number,
  target: Float64Array,
): void {
  for (let i = 0; i < target.length; i++) target[i] = values[places[offset + i]];
}

/** target[places[offset + i]] = values[i]. */
export function putPlaces(
  values: Float64Array,
  places: Float64Array,
  offset: number,
  target: Float64Array,
): void {
  for (let i = 0; i < values.length; i++) target[places[offset + i]] = values[i];
}

/** target[i] = the mask's bit at places[offset + i]. */
export function takeMaskBits(
  mask: Uint8Array,
  places: Float64Array,
  offset: number,
  target: Uint8Array,
): void {
  for (let i = 0; i < target.length; i++) target[i] = maskBit(mask, places[offset + i]) ? 1 : 0;
}

/** target[places[i]] = i: which element of the matrices a weight is, as which weight an element is. */
export function invertPlaces(places: Float64Array, target: Float64Array): void {
  for (let i = 0; i < places.length; i++) target[places[i]] = i;
}
