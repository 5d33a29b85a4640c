/** An array as its .npy file says it, with its bytes as they are. */
export interface NpyFile {
  readonly descr: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
  readonly fortranOrder?: boolean;
}

/** A .npy file of version 1.0. Source: NEP 1. */
export function npyFile({ descr, shape, data, fortranOrder = false }: NpyFile): Uint8Array {
  const tuple = `(${shape.map((size) => `${size},`).join(' ')})`;
  const order = fortranOrder ? 'True' : 'False';
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${tuple}, }`;
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${text.padEnd(117)}\n`, 'latin1');
  head.writeUInt16LE(head.length - 10, 8);
  return Buffer.concat([head, data]);
}
