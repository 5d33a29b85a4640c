"""Computes criteria on data for Keras models, in float64 with Keras 3.15.1 on torch 2.13.0, apart from any of our code.

Usage: criteriaReferences.py FIXTURES. Writes FIXTURES/oracles/criteria/keras_*.json: by criterion and layer whole arrays
of small models, and of larger ones the sum, the sum of magnitudes, the L2 norm, the largest magnitude and the first 8.
"""

import json
import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

root = sys.argv[1]
torch.set_num_threads(1)
torch.manual_seed(1)


def in_float64(name):
    keras.config.set_floatx("float32")
    model = keras.models.load_model(os.path.join(root, "keras", name), compile=False)
    keras.config.set_floatx("float64")
    wide = keras.models.model_from_json(model.to_json().replace('"float32"', '"float64"'))
    wide.set_weights([w.astype(np.float64) for w in model.get_weights()])
    for layer in wide.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
    return wide


def kernels(model):
    return {l.name: l.kernel.value for l in model.layers if hasattr(l, "kernel") and not l.name.startswith("batch")}


def losses(model, x, y, kind):
    outputs = model(x, training=False)
    if kind == "mse":
        return ((outputs - y) ** 2).mean(dim=1)
    return -torch.log(torch.clamp(outputs[torch.arange(len(y)), y], 1e-7, 1 - 1e-7))


def gradients(value, of, graph=False):
    return torch.autograd.grad(value, of, create_graph=graph, retain_graph=True)


def gradient(model, x, y, kind):
    return [g.abs() for g in gradients(losses(model, x, y, kind).mean(), list(kernels(model).values()))]


def fisher(model, x, y, kind):
    weights = list(kernels(model).values())
    squares = [torch.zeros_like(w) for w in weights]
    for n in range(len(x)):
        for s, g in zip(squares, gradients(losses(model, x[n : n + 1], y[n : n + 1], kind).sum(), weights)):
            s += g**2 / len(x)
    return squares


def output_sensitivity(model, x, y, kind):
    weights = list(kernels(model).values())
    squares = [torch.zeros_like(w) for w in weights]
    for n in range(len(x)):
        for output in model(x[n : n + 1], training=False)[0]:
            for s, g in zip(squares, gradients(output, weights)):
                s += g**2 / len(x)
    return squares


def grasp(model, x, y, kind):
    """-w (H g): H and g those of the mean loss by all trainable parameters."""
    weights = list(kernels(model).values())
    trained = [v.value for v in model.trainable_variables]
    first = gradients(losses(model, x, y, kind).mean(), trained, graph=True)
    product = sum((g * g.detach()).sum() for g in first)
    return [-(w * h) for w, h in zip(weights, gradients(product, weights))]


def layer_values(model, x):
    layers = [l for l in model.layers if l.name in kernels(model)]
    tensors = [t for l in layers for t in (l.input, l.output)]
    found = keras.Model(model.inputs, tensors)(x, training=False)
    return {l.name: (l, found[2 * i], found[2 * i + 1]) for i, l in enumerate(layers)}


def wanda(model, x, y, kind):
    """The squares that a weight meets are the derivative of what the layer makes of squared inputs, summed."""
    scores = []
    for layer, given, _ in layer_values(model, x).values():
        config = {**layer.get_config(), "activation": None, "use_bias": False}
        plain = type(layer).from_config(config)
        plain.build(tuple(given.shape))
        plain.set_weights([layer.get_weights()[0]])
        kernel = plain.kernel.value
        (squares,) = gradients(plain(given.detach() ** 2).sum(), [kernel])
        scores.append(kernel.abs() * squares.sqrt())
    return scores


def activation_mean(model, x, y, kind):
    return [o.abs().reshape(-1, o.shape[-1]).mean(dim=0) for _, _, o in layer_values(model, x).values()]


def figures(values):
    flat = values.detach().numpy().ravel()
    return {
        "count": flat.size,
        "sum": float(flat.sum()),
        "l1": float(np.abs(flat).sum()),
        "l2": float(np.sqrt((flat**2).sum())),
        "max_abs": float(np.abs(flat).max()),
        "first8": flat[:8].tolist(),
    }


def whole(values):
    return {"values": values.detach().numpy().ravel().tolist()}


def stability(model, x, sigma, draws, of):
    """1 / (1 + v / V) by many draws, with the standard deviation that 8 draws alone would leave."""
    spread = x.std(dim=0, unbiased=False)
    groups = []
    plain = {n: o for n, (_, _, o) in layer_values(model, x).items()}
    for _ in range(of // draws):
        noisy = [layer_values(model, x + sigma * spread * torch.randn_like(x)) for _ in range(draws)]
        groups.append({n: torch.stack([d[n][2] for d in noisy]).var(dim=0).mean(dim=0) for n in plain})
    scores = {}
    for name, value in plain.items():
        data = value.var(dim=0, unbiased=False)
        moved = torch.stack([g[name] for g in groups])
        each = 1 / (1 + moved / data)
        scores[name] = {
            "values": (1 / (1 + moved.mean(dim=0) / data)).tolist(),
            "deviations": each.std(dim=0).tolist(),
        }
    return {"sigma": sigma, "draws": draws, "of": of, "layers": scores}


def write(name, oracle):
    path = os.path.join(root, "oracles/criteria", name + ".json")
    with open(path, "w") as f:
        json.dump({"engine": f"keras {keras.__version__}, torch {torch.__version__}, float64", **oracle}, f, indent=1)
        f.write("\n")


def scored(model, data, criteria, form):
    found = {}
    for criterion in criteria:
        arrays = criterion(model, *data)
        named = {n: form(a) for n, a in zip(kernels(model), arrays)}
        found[criterion.__name__.replace("_", "-")] = named
    return found


rows = np.loadtxt(os.path.join(root, "datasets/diabetes.csv"), delimiter=",", skiprows=1)
diabetes = in_float64("diabetes_mlp.keras")
x, y = torch.tensor(rows[:, :-1]), torch.tensor(rows[:, -1:])
by_weight = [gradient, fisher, output_sensitivity, grasp, wanda]
with_noise = torch.no_grad()(stability)(diabetes, x[:350], 0.1, 8, 1600)
write(
    "keras_diabetes_mlp",
    {
        "file": "keras/diabetes_mlp.keras",
        "data": "diabetes.csv, mse",
        "rows": [0, 6],
        "criteria": scored(diabetes, (x[:6], y[:6], "mse"), by_weight, whole),
        "stability": {"data": "rows 0:350 of diabetes.csv", **with_noise},
    },
)
digits = np.load(os.path.join(root, "datasets/mnist.npz"))
all_x = torch.tensor(digits["x_test"][:, :, :, None] / 255.0)
all_y = torch.tensor(digits["y_test"].astype(np.int64))


@torch.no_grad()
def least_certain(model, count):
    """Where as many rows begin of which none is so certain that single precision loses what its class lacks to 1."""
    certain = torch.cat([model(part, training=False).max(dim=1).values for part in all_x.split(100)])
    return int(certain.unfold(0, count, 1).max(dim=1).values.argmin())


for name in ["lenet5", "resbn"]:
    model = in_float64(name + ".keras")
    first = least_certain(model, 6)
    x, y = all_x[first : first + 6], all_y[first : first + 6]
    # Behind a normalization, what a unit gives is a question of definition.
    criteria = by_weight + ([activation_mean] if name == "lenet5" else [])
    found = scored(model, (x, y, "ce"), criteria, figures)
    about = {"file": f"keras/{name}.keras", "data": "mnist.npz, test, times 1/255, ce", "rows": [first, first + 6]}
    write("keras_" + name, {**about, "criteria": found})
