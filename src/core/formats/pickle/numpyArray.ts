import { FormatError, type Place } from '../../errors';
import { MAX_RANK } from '../../limits';
import {
  argumentsOf,
  calleeOf,
  itemsOf,
  type PickleBytes,
  type PickleCall,
  type PickleText,
  type PickleValue,
  textOf,
} from './pickleValue';

/** A NumPy array within a pickle: what its header would say, and where its bytes are. */
export interface PickledArray {
  readonly shape: readonly number[];
  /** As `numpy.dtype.str` has it, e.g. `<f4`. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  /** Bytes as they are, or as text of one character a byte. */
  readonly payload: PickleBytes | PickleText;
}

const RECONSTRUCT_MODULES = new Set(['numpy.core.multiarray', 'numpy._core.multiarray']);
const FROM_BUFFER_MODULES = new Set(['numpy.core.numeric', 'numpy._core.numeric']);

/**
 * The array that a call builds; null for calls of anything else, for arrays of Python objects, and for
 * element types that NumPy alone does not have.
 * @throws FormatError when the call is NumPy's, but its arguments are not.
 * Source: NumPy, ndarray.__reduce__ and dtype.__reduce__ (numpy/_core/src/multiarray/methods.c).
 */
export function asPickledArray(call: PickleCall, where: Place): PickledArray | null {
  const callee = calleeOf(call);
  if (callee === null) return null;
  if (callee.name === '_reconstruct' && RECONSTRUCT_MODULES.has(callee.module)) {
    return arrayOfState(call, where);
  }
  if (callee.name === '_frombuffer' && FROM_BUFFER_MODULES.has(callee.module)) {
    const [data, dtype, shape, order] = argumentsOf(call);
    return makeArray({ shape, dtype, data }, textOf(order) === 'F', where);
  }
  return null;
}

function arrayOfState(call: PickleCall, where: Place): PickledArray | null {
  const states = call.content?.states ?? [];
  const items = itemsOf(states.at(-1));
  if (items === null || items.length < 4) {
    const found = states.length === 0 ? 'an array without a state' : 'another state';
    throw new FormatError({ ...where, found, allowed: 'shape, type, order and bytes of an array' });
  }
  // A version stands first, but in the oldest files.
  const [shape, dtype, fortranOrder, data] = items.slice(items.length === 4 ? 0 : 1);
  return makeArray({ shape, dtype, data }, fortranOrder === true || fortranOrder === 1, where);
}

interface ArrayParts {
  readonly shape: PickleValue | undefined;
  readonly dtype: PickleValue | undefined;
  readonly data: PickleValue | undefined;
}

function makeArray(parts: ArrayParts, fortranOrder: boolean, where: Place): PickledArray | null {
  const descr = descrOf(parts.dtype);
  const payload = payloadOf(parts.data);
  if (descr === null || payload === null) return null;
  return { shape: shapeOf(parts.shape, where), descr, fortranOrder, payload };
}

/** A shape or strides as a tuple of whole numbers from 0. @throws FormatError when it is none. */
export function shapeOf(value: PickleValue | undefined, where: Place): readonly number[] {
  const items = itemsOf(value) ?? itemsOf(sizeArgument(value));
  if (items === null || items.length > MAX_RANK || !items.every(isDimension)) {
    throw new FormatError({
      ...where,
      found: 'a shape that is none',
      allowed: `a tuple of at most ${MAX_RANK} whole numbers from 0`,
    });
  }
  return items as readonly number[];
}

/** torch.Size is a tuple by another name. */
function sizeArgument(value: PickleValue | undefined): PickleValue | undefined {
  const callee = calleeOf(value);
  if (callee?.module !== 'torch' || callee.name !== 'Size') return undefined;
  return typeof value === 'object' && value?.kind === 'call' ? argumentsOf(value)[0] : undefined;
}

function isDimension(value: PickleValue): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** dtype('f4', False, True) with the state (3, '<', …). Objects and structures are no plain arrays. */
function descrOf(value: PickleValue | undefined): string | null {
  const callee = calleeOf(value);
  if (callee?.module !== 'numpy' || callee.name !== 'dtype') return null;
  if (typeof value !== 'object' || value?.kind !== 'call') return null;
  const kind = textOf(argumentsOf(value)[0]);
  const state = itemsOf(value.content?.states.at(-1)) ?? [];
  const order = textOf(state[1]) ?? '|';
  const structured = state[3] !== undefined && state[3] !== null;
  if (kind === null || structured || /^\|?O/.test(kind)) return null;
  return order + kind;
}

function payloadOf(value: PickleValue | undefined): PickledArray['payload'] | null {
  if (typeof value !== 'object' || value === null) return null;
  if (value.kind === 'bytes') return value;
  if (value.kind === 'text') return value.encoding === 'utf-8' ? null : value;
  return value.kind === 'call' ? encodedText(value) : null;
}

/** _codecs.encode(text, 'latin1'), or bytes() and bytearray() of the same. */
function encodedText(call: PickleCall): PickledArray['payload'] | null {
  const callee = calleeOf(call);
  const [text, encoding] = argumentsOf(call);
  if (typeof text !== 'object' || text === null) return null;
  if (callee?.module === '_codecs' && callee.name === 'encode') {
    const isLatin1 = ['latin1', 'latin-1', 'iso-8859-1'].includes(textOf(encoding) ?? '');
    return text.kind === 'text' && isLatin1 ? text : null;
  }
  if (callee?.name === 'bytearray' || callee?.name === 'bytes') {
    return text.kind === 'bytes' ? text : null;
  }
  return null;
}
