"""Reads files that `secateur pack` writes, by the lines that docs/packed.md gives to users."""

import json

import numpy as np


def packed_npz_arrays(path):
    """The arrays of a packed npz, each by NumPy alone, and those of types that SciPy has compared with what it reads."""
    npz = np.load(path)
    packed = [name[: -len(".format")] for name in npz.files if name.endswith(".format")]
    if not packed:
        raise ValueError("nothing in it is packed")
    arrays = {}
    for name in npz.files:
        owner = next((one for one in packed if name.startswith(f"{one}.")), None)
        if owner is None:
            arrays[name] = npz[name]
        elif owner not in arrays:
            arrays[owner] = dense_array(npz, owner)
            compare_with_scipy(npz, owner, arrays[owner])
    return arrays


def dense_array(npz, name):
    data, indices, indptr, shape = (npz[f"{name}.{part}"] for part in ("data", "indices", "indptr", "shape"))
    array = np.zeros(shape, data.dtype)
    rows = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    array.reshape(len(indptr) - 1, -1)[rows, indices] = data
    return array


def compare_with_scipy(npz, name, array):
    import scipy.sparse

    data, indices, indptr = (npz[f"{name}.{part}"] for part in ("data", "indices", "indptr"))
    # SciPy has no matrices of half precision.
    if data.dtype == np.float16:
        return
    shape = (len(indptr) - 1, array.size // (len(indptr) - 1))
    matrix = scipy.sparse.csr_matrix((data, indices, indptr), shape=shape)
    matrix.check_format(full_check=True)
    if not matrix.has_canonical_format:
        raise ValueError(f"{name}: indices are not in order")
    if not np.array_equal(matrix.toarray().reshape(array.shape), array):
        raise ValueError(f"{name}: SciPy reads other values")


def packed_safetensors_arrays(path):
    from safetensors import safe_open

    arrays = {}
    with safe_open(path, framework="np") as file:
        header = json.loads(file.metadata()["secateur.packed"])
        parts = set(file.keys())
        if not any(name.endswith(".bitmask") for name in parts):
            raise ValueError("nothing in it is packed")
        for name in header:
            if name == "__metadata__":
                continue
            arrays[name] = file.get_tensor(name) if name in parts else unpack_bitmask(file, name)
    return arrays


def unpack_bitmask(file, name):
    shape, bitmask, values = (file.get_tensor(f"{name}.{part}") for part in ("shape", "bitmask", "compressed"))
    columns = int(np.prod(shape)) // len(bitmask)
    kept = np.unpackbits(bitmask, axis=1, bitorder="little")[:, :columns].astype(bool)
    array = np.zeros(kept.shape, values.dtype)
    array[kept] = values
    return array.reshape(shape)


def onnx_outputs(path):
    """What ONNX Runtime computes on seeded inputs; the plain check of onnx passes."""
    import onnx
    import onnxruntime

    onnx.checker.check_model(path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    types = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(int64)": np.int64}
    feeds = {}
    for value in session.get_inputs():
        shape = [size if isinstance(size, int) else 2 for size in value.shape]
        feeds[value.name] = np.random.default_rng(0).random(shape).astype(types[value.type])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, feeds)))


def packed_onnx_outputs(path):
    import onnx

    if len(onnx.load(path).graph.sparse_initializer) == 0:
        raise ValueError("nothing in it is packed")
    return onnx_outputs(path)


def compare_exactly(original, packed):
    if set(original) != set(packed):
        raise ValueError(f"arrays differ: {sorted(set(original) ^ set(packed))[:5]}")
    for name, before in original.items():
        after = packed[name]
        if before.dtype != after.dtype or before.shape != after.shape:
            raise ValueError(f"{name}: {after.dtype}{after.shape} for {before.dtype}{before.shape}")
        if before.tobytes() != after.tobytes():
            raise ValueError(f"{name}: other values")
    return f"{len(original)} arrays, bit by bit"
