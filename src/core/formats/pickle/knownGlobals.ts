/** Names that a file of weights needs, by module: matched exactly, never by a prefix. */
export const TENSOR_GLOBALS: Readonly<Record<string, ReadonlySet<string>>> = {
  'torch._utils': new Set([
    ...['_rebuild_tensor', '_rebuild_tensor_v2', '_rebuild_tensor_v3', '_rebuild_parameter'],
    ...['_rebuild_parameter_with_state', '_rebuild_qtensor', '_rebuild_sparse_tensor'],
    ...['_rebuild_sparse_csr_tensor', '_rebuild_meta_tensor_no_storage', '_rebuild_nested_tensor'],
    ...['_rebuild_device_tensor_from_numpy', '_rebuild_device_tensor_from_cpu_tensor'],
    '_rebuild_wrapper_subclass',
  ]),
  'torch._tensor': new Set(['_rebuild_from_type', '_rebuild_from_type_v2', 'Tensor']),
  'torch.serialization': new Set(['_get_layout']),
  'torch.jit._pickle': new Set([
    ...['build_intlist', 'build_doublelist', 'build_boollist', 'build_tensorlist'],
    ...['build_tensor_from_id', 'restore_type_tag'],
  ]),
  'torch.storage': new Set(['UntypedStorage', 'TypedStorage', '_UntypedStorage', '_TypedStorage']),
  'torch.nn.parameter': new Set(['Parameter', 'Buffer', 'UninitializedParameter']),
  torch: new Set([
    ...['Size', 'device', 'Tensor', 'UntypedStorage', 'TypedStorage'],
    ...['DoubleStorage', 'FloatStorage', 'HalfStorage', 'BFloat16Storage', 'LongStorage'],
    ...['IntStorage', 'ShortStorage', 'CharStorage', 'ByteStorage', 'BoolStorage'],
    ...['ComplexFloatStorage', 'ComplexDoubleStorage', 'QInt8Storage', 'QUInt8Storage'],
    ...['QInt32Storage', 'QUInt4x2Storage', 'QUInt2x4Storage'],
    ...['float64', 'double', 'float32', 'float', 'float16', 'half', 'bfloat16', 'float8_e4m3fn'],
    ...['float8_e4m3fnuz', 'float8_e5m2', 'float8_e5m2fnuz', 'float8_e8m0fnu', 'float4_e2m1fn_x2'],
    ...['int64', 'long', 'int32', 'int', 'int16', 'short', 'int8', 'uint8', 'uint16', 'uint32'],
    ...['uint64', 'bool', 'complex32', 'chalf', 'complex64', 'cfloat', 'complex128', 'cdouble'],
    ...['qint8', 'quint8', 'qint32', 'quint4x2', 'quint2x4'],
    ...['per_tensor_affine', 'per_tensor_symmetric', 'per_channel_affine'],
    ...['per_channel_symmetric', 'per_channel_affine_float_qparams'],
    ...['strided', 'sparse_coo', 'sparse_csr', 'sparse_csc', 'sparse_bsr', 'sparse_bsc'],
    ...['contiguous_format', 'channels_last', 'channels_last_3d', 'preserve_format'],
  ]),
  numpy: new Set([
    ...['ndarray', 'dtype', 'float64', 'float32', 'float16', 'int64', 'int32', 'int16', 'int8'],
    ...['uint64', 'uint32', 'uint16', 'uint8', 'bool_', 'complex64', 'complex128'],
  ]),
  'numpy.core.multiarray': new Set(['_reconstruct', 'scalar']),
  'numpy._core.multiarray': new Set(['_reconstruct', 'scalar']),
  'numpy.core.numeric': new Set(['_frombuffer']),
  'numpy._core.numeric': new Set(['_frombuffer']),
  _codecs: new Set(['encode']),
  ml_dtypes: new Set(['bfloat16', 'float8_e4m3fn', 'float8_e5m2']),
};

/** Plain containers and values: building one runs nothing of the file's choice. */
export const CONTAINER_GLOBALS: Readonly<Record<string, ReadonlySet<string>>> = {
  collections: new Set(['OrderedDict', 'defaultdict', 'Counter', 'deque']),
  builtins: new Set([
    ...['set', 'frozenset', 'list', 'dict', 'tuple', 'bytearray', 'bytes', 'complex', 'slice'],
    ...['range', 'xrange', 'int', 'long', 'float', 'str', 'unicode', 'bool', 'object'],
  ]),
  copyreg: new Set(['_reconstructor']),
  datetime: new Set(['datetime', 'date', 'time', 'timedelta', 'timezone']),
  decimal: new Set(['Decimal']),
  fractions: new Set(['Fraction']),
  uuid: new Set(['UUID', 'SafeUUID']),
  pathlib: new Set(['PosixPath', 'WindowsPath', 'PurePosixPath', 'PureWindowsPath', 'Path']),
  argparse: new Set(['Namespace']),
  types: new Set(['SimpleNamespace']),
};

/** Modules of a framework's own layer classes. */
const MODULE_CLASS_PREFIXES = ['torch.nn.modules.', 'torchvision.models.'];
/** TorchScript's types: its own loader makes them, Python's never does. */
const SCRIPT_PREFIX = '__torch__.';

/** Whether a name is a class of layers: an undotted class name in one of the frameworks' modules. */
export function isModuleClass(module: string, name: string): boolean {
  if (!/^_?[A-Z][A-Za-z0-9_]*$/.test(name)) return false;
  if (module.startsWith(SCRIPT_PREFIX)) return true;
  return MODULE_CLASS_PREFIXES.some((prefix) => module.startsWith(prefix));
}
