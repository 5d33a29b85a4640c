import { FormatError, UnsupportedError } from '../../errors';

/** The format's name in messages and in the registry. */
export const HDF5 = 'hdf5';

/** What a message about broken bytes says. */
export interface Fault {
  /** The structure, with the data set or group it belongs to. */
  readonly place: string;
  readonly found: string;
  readonly allowed: string;
  /** Absolute, in the file that is read. */
  readonly byteOffset?: number;
}

/** The error for bytes that do not keep the rules of HDF5. */
export function malformed(fault: Fault): FormatError {
  return new FormatError({ format: HDF5, ...fault });
}

/** The error for what HDF5 allows and this reader does not do. */
export function unsupported(place: string, found: string, supported: string): UnsupportedError {
  return new UnsupportedError({ feature: `HDF5 ${place}`, found, supported });
}
