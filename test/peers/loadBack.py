"""Loads pruned models back with the libraries that made the originals, and compares them.

Usage: loadBack.py MANIFEST. The manifest is a JSON list of {kind, original, pruned, zeros}: both paths,
and for each pruned tensor how many zeros it must hold. One line a model on stdout:
{"pruned": path, "outcome": "ok" | "failed" | "not run", "detail": text}.
"""

import json
import os
import sys
import types

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

import packedFiles


def numpy_arrays(path):
    loaded = np.load(path, allow_pickle=False)
    return dict(loaded) if hasattr(loaded, "files") else {"": loaded}


def safetensors_arrays(path):
    from safetensors import safe_open

    files = [path]
    if path.endswith(".index.json"):
        shards = json.load(open(path, encoding="utf-8"))["weight_map"].values()
        files = [os.path.join(os.path.dirname(path), shard) for shard in sorted(set(shards))]
    arrays = {}
    for file in files:
        with safe_open(file, framework="pt") as opened:
            for name in opened.keys():
                arrays[name] = torch_array(opened.get_tensor(name))
    return arrays


def torch_array(tensor):
    import torch

    if tensor.is_quantized:
        return tensor.int_repr().numpy()
    if tensor.is_sparse:
        return tensor.coalesce().values().numpy()
    tensor = tensor.detach().contiguous()
    try:
        return tensor.numpy()
    except TypeError:
        # NumPy has no such type: every bit pattern of these small floats is exact in float32.
        return tensor.to(torch.float32).numpy()


def torch_arrays(path):
    import torch

    try:
        loaded = torch.load(path, weights_only=True)
    except Exception:
        loaded = torch_unsafe(path)
    if hasattr(loaded, "state_dict"):
        loaded = dict(loaded.state_dict())
    arrays = {}
    collect_tensors(loaded, "", arrays)
    return arrays


def torch_unsafe(path):
    """TorchScript, and whole modules of torch's own classes: the fixtures' originals are trusted."""
    import torch

    try:
        return torch.jit.load(path)
    except RuntimeError:
        sys.modules["zoo"] = Zoo("zoo")
        return torch.load(path, weights_only=False)


class Zoo(types.ModuleType):
    """Stands for the training code of a pickled module: its classes are needed by name alone."""

    def __getattr__(self, name):
        import torch

        self.__dict__[name] = type(name, (torch.nn.Module,), {"__module__": "zoo"})
        return self.__dict__[name]


def collect_tensors(value, name, arrays):
    import torch

    if isinstance(value, torch.Tensor):
        arrays[name] = torch_array(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            collect_tensors(item, f"{name}.{key}" if name else str(key), arrays)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            collect_tensors(item, f"{name}.{index}" if name else str(index), arrays)


def paddle_arrays(path):
    import pickle

    with open(path, "rb") as file:
        loaded = pickle.load(file, encoding="latin1")
    arrays = {}
    collect_arrays(loaded, "", arrays)
    return arrays


def collect_arrays(value, name, arrays):
    if isinstance(value, np.ndarray):
        arrays[name] = value
    elif isinstance(value, dict):
        for key, item in value.items():
            collect_arrays(item, f"{name}.{key}" if name else str(key), arrays)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            collect_arrays(item, f"{name}.{index}" if name else str(index), arrays)


def hdf5_arrays(path):
    import h5py

    arrays = {}
    with h5py.File(path, "r") as file:

        def visit(name, item):
            if isinstance(item, h5py.Dataset) and item.shape is not None and item.dtype.kind in "fiub":
                arrays[name] = item[()]

        file.visititems(visit)
    return arrays


def sharded_hdf5_arrays(path):
    arrays = {}
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)["weight_map"].values()
    for shard in sorted({name for entry in entries for name in ([entry] if isinstance(entry, str) else entry)}):
        for name, array in hdf5_arrays(os.path.join(os.path.dirname(path), shard)).items():
            arrays[f"{shard} {name}"] = array
    return arrays


def keras_arrays(path):
    import keras

    if path.endswith(".weights.json"):
        return sharded_hdf5_arrays(path)
    # Without a model_config the file holds weights, or nothing of Keras.
    try:
        model = keras.models.load_model(path)
    except (ValueError, TypeError):
        return hdf5_arrays(path)
    inputs = [np.random.default_rng(0).random((2, *shape[1:]), dtype=np.float32) for shape in shapes_of(model)]
    outputs = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    for output in outputs if isinstance(outputs, (list, tuple)) else [outputs]:
        if not np.all(np.isfinite(output)):
            raise ValueError("the loaded model predicts NaN or infinite values")
    return {f"{index} {weight.path}": np.asarray(weight) for index, weight in enumerate(model.weights)}


def shapes_of(model):
    shape = model.input_shape
    return shape if isinstance(shape, list) else [shape]


def onnx_arrays(path):
    import onnx
    from onnx import numpy_helper

    onnx.checker.check_model(path, full_check=True)
    model = onnx.load(path)
    run_onnx(path, model)
    arrays = {}
    for tensor in model.graph.initializer:
        arrays[tensor.name] = numpy_helper.to_array(tensor) if tensor.data_type != 8 else np.zeros(0)
    for node in model.graph.node:
        if node.op_type != "Constant":
            continue
        for attribute in node.attribute:
            if attribute.name == "value" and attribute.t.data_type != 8:
                arrays[node.output[0]] = numpy_helper.to_array(attribute.t)
    return arrays


def run_onnx(path, model):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    types = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(int64)": np.int64}
    feeds = {}
    for value in session.get_inputs():
        shape = [size if isinstance(size, int) else 2 for size in value.shape]
        feeds[value.name] = np.random.default_rng(0).random(shape).astype(types[value.type])
    for output in session.run(None, feeds):
        if not np.all(np.isfinite(output)):
            raise ValueError("onnxruntime computes NaN or infinite values")


def safetensors_numpy_arrays(path):
    from safetensors.numpy import load_file

    return load_file(path)


# How the original and the packed file are read.
PACKED_LOADERS = {
    "packed-npz": (numpy_arrays, packedFiles.packed_npz_arrays),
    "packed-safetensors": (safetensors_numpy_arrays, packedFiles.packed_safetensors_arrays),
    "packed-onnx": (packedFiles.onnx_outputs, packedFiles.packed_onnx_outputs),
}

LOADERS = {
    "numpy": numpy_arrays,
    "safetensors": safetensors_arrays,
    "pytorch": torch_arrays,
    "paddle": paddle_arrays,
    "keras": keras_arrays,
    "onnx": onnx_arrays,
}


def compare(original, pruned, case):
    """Every element is the original's, or became zero (for codes: the same code everywhere)."""
    if list(original) != list(pruned):
        raise ValueError(f"tensors differ: {sorted(set(original) ^ set(pruned))[:5]}")
    changed = 0
    for name, before in original.items():
        after = pruned[name]
        if before.dtype != after.dtype or before.shape != after.shape:
            raise ValueError(f"{name}: {after.dtype}{after.shape} for {before.dtype}{before.shape}")
        differs = ~np.isclose(before, after, rtol=0, atol=0, equal_nan=True) if before.dtype.kind in "fc" else before != after
        changed += int(np.count_nonzero(differs))
        if before.dtype.kind == "f" and np.count_nonzero(after[differs]) > 0:
            raise ValueError(f"{name}: a changed element is not zero")
    for name, zeros in case["zeros"].items():
        found = [key for key in pruned if key == name]
        if found and pruned[found[0]].dtype.kind == "f":
            counted = int(np.count_nonzero(pruned[found[0]] == 0))
            if counted != zeros:
                raise ValueError(f"{name}: {counted} zeros for {zeros}")
    return f"{len(original)} tensors, {changed} elements set to zero"


def run(case):
    load_original, load = PACKED_LOADERS.get(case["kind"]) or (LOADERS[case["kind"]],) * 2
    try:
        original = load_original(case["original"])
    except ImportError as error:
        return "not run", str(error)
    except Exception as error:
        return "not run", f"the library does not load the original: {str(error).splitlines()[0][:120]}"
    try:
        written = load(case["pruned"])
        if case["kind"] in PACKED_LOADERS:
            return "ok", packedFiles.compare_exactly(original, written)
        return "ok", compare(original, written, case)
    except ImportError as error:
        return "not run", str(error)
    except Exception as error:
        return "failed", f"{type(error).__name__}: {error}"


for case in json.load(open(sys.argv[1], encoding="utf-8")):
    outcome, detail = run(case)
    print(json.dumps({"pruned": case["pruned"], "outcome": outcome, "detail": detail}), flush=True)
