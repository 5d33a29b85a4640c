/**
 * The wasm heap ends at 4 GiB. While a session is made it holds the file, its parsed form and the weights
 * as kernels want them: 700 MB of weights inside the file succeed, 1.2 GB do not.
 */
export const MAX_ONNX_BYTES = 900 * 1024 ** 2;
