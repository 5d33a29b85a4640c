import type { Sizes } from '../../src/core/report/report';

/** The formats that have a form without zeros. */
const PACKABLE: readonly string[] = ['onnx', 'safetensors', 'safetensors-index', 'npz'];

/** Whether files of a format can be exported packed. */
export function isPackable(format: string): boolean {
  return PACKABLE.includes(format);
}

/** Sizes with the packed ones only where a file of that size can be had. */
export function attainableSizes(sizes: Sizes, format: string): Sizes {
  if (isPackable(format)) return sizes;
  const { rawBefore, rawAfter, gzipBefore, gzipAfter } = sizes;
  return { rawBefore, rawAfter, gzipBefore, gzipAfter };
}
