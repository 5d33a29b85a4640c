import { FormatError, type Place } from '../../errors';
import type { ByteSource } from '../../io';
import type { Span, TensorEntry } from '../../model/model';
import { parseDescr } from '../numpy/parseDescr';
import { countElements } from '../shape';
import type { TextPart } from './latin1Container';
import { latin1Source } from './latin1Source';
import type { PickledArray } from './numpyArray';
import type { PickleText } from './pickleValue';

/** Where a pickle stands, and the model's files, to which decoded ones are appended. */
export interface ArrayPlace {
  readonly pickle: Pick<Span, 'fileIndex' | 'byteOffset'>;
  readonly files: ByteSource[];
  /** The texts that are such decoded files, by where they begin: arrays may share one. */
  readonly texts: Map<number, TextPart>;
  readonly where: Place;
}

/**
 * The tensor of an array that lies in a pickle. Bytes are a range of the file; text of one character a byte
 * is a file of its own that decodes them.
 * @throws FormatError when the bytes are not as many as shape and type need; UnsupportedError.
 */
export function pickledArrayTensor(array: PickledArray, place: ArrayPlace): TensorEntry {
  const { shape, fortranOrder } = array;
  const type = parseDescr(array.descr, place.where);
  const elementCount = countElements(shape, type.elementBytes, place.where);
  const byteLength = elementCount * type.elementBytes;
  return {
    name: '',
    shape,
    dtype: type.dtype,
    ...(type.dtypeLabel === undefined ? {} : { dtypeLabel: type.dtypeLabel }),
    elementCount,
    storedElementBytes: type.elementBytes,
    spans: [locatePayload(array, byteLength, place)],
    littleEndian: type.littleEndian,
    storageOrder:
      fortranOrder && shape.filter((size) => size > 1).length > 1
        ? shape.map((_, axis) => shape.length - 1 - axis)
        : null,
    role: 'parameter',
  };
}

function locatePayload({ payload }: PickledArray, byteLength: number, place: ArrayPlace): Span {
  const { pickle, where } = place;
  const byteOffset = pickle.byteOffset + payload.byteOffset;
  const isText = payload.kind === 'text' && payload.encoding === 'utf-8';
  if (payload.kind === 'text' && payload.encoding === 'escaped') {
    throw new FormatError({
      ...where,
      found: 'an array whose bytes are text with escapes (protocol 0 or 1)',
      allowed: 'arrays of protocols 2 to 5',
      byteOffset,
    });
  }
  // UTF-8 has one or two bytes for each character that stands for a byte.
  const most = payload.byteLength;
  const least = isText ? Math.ceil(payload.byteLength / 2) : most;
  if (byteLength < least || byteLength > most) {
    throw new FormatError({
      ...where,
      found: `${payload.byteLength} bytes${isText ? ' of text' : ''}`,
      allowed: `${byteLength} for its shape and type`,
      byteOffset,
    });
  }
  if (payload.kind !== 'text' || !isText) {
    return { fileIndex: pickle.fileIndex, byteOffset, byteLength };
  }
  const fileIndex = textFile(payload, byteLength, place);
  return { fileIndex, byteOffset: 0, byteLength };
}

function textFile(payload: PickleText, byteLength: number, place: ArrayPlace): number {
  const { pickle, files, texts, where } = place;
  const byteOffset = pickle.byteOffset + payload.byteOffset;
  const known = texts.get(byteOffset);
  if (known !== undefined && known.byteLength === byteLength) return known.fileIndex;
  const source = files[pickle.fileIndex];
  if (source === undefined) throw new Error('the pickle lies in one of the files');
  const { byteLength: textBytes, lengthBytes } = payload;
  files.push(latin1Source({ source, byteOffset, textBytes, byteLength, where }));
  const fileIndex = files.length - 1;
  texts.set(byteOffset, { fileIndex, byteOffset, textBytes, lengthBytes, byteLength });
  return fileIndex;
}
