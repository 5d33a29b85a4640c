/** A protobuf message ends there: larger models keep their weights in external data. */
export const MAX_ONNX_FILE_BYTES = 2 ** 31 - 1;

/**
 * The wasm heap ends at 4 GiB, and a session needs room for more than the weights: 2.6 GB of external
 * weights were opened, 3.3 GB were not.
 */
export const MAX_ONNX_BYTES = 3 * 1024 ** 3;
