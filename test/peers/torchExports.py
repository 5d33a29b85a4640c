# Exports small torch networks with random weights to ONNX, also optimised and quantised by ONNX Runtime, runs each
# with the built command line and compares with ONNX Runtime: python3 torchExports.py dist/cli.js FOLDER [NAME ...]
import os, subprocess, sys, warnings
import numpy as np, onnxruntime as ort, torch
import torch.nn as nn, torch.nn.functional as F
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_dynamic, quantize_static
warnings.filterwarnings('ignore')
ort.set_default_logger_severity(4)
cli, folder, *wanted = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
CPU = ['CPUExecutionProvider']


class Network(nn.Module):
    """A forward function with the modules that it calls."""
    def __init__(self, forward, *parts):
        super().__init__()
        self.parts = nn.ModuleList(parts)
        self.function = forward

    def forward(self, *inputs):
        return self.function(self.parts, *inputs)


def squeeze_and_excite(m, x):
    y = F.hardswish(m[1](m[0](x)))
    return m[3](y * F.hardsigmoid(m[2](F.adaptive_avg_pool2d(y, 1)))).mean((2, 3))


def unet(m, x):
    a = F.relu(m[0](x))
    b = F.relu(m[1](F.max_pool2d(a, 2)))
    up = F.interpolate(b, size=a.shape[2:], mode='bilinear')
    return m[2](torch.cat([a, up], 1)), F.interpolate(a, scale_factor=1.7)


def attention(m, ids, mask):
    x = m[0](ids) + m[1](torch.arange(ids.shape[1]))
    q, k, v = m[2](x).chunk(3, -1)
    scores = (q @ k.transpose(1, 2) / 4).masked_fill(mask[:, None] == 0, -1e9)
    return m[4](x + m[3](scores.softmax(-1) @ v))


def experts(m, x):
    p = m[0](x).softmax(-1)
    values, places = p.topk(2, -1)
    gates = torch.zeros_like(p).scatter(-1, places, values)
    return (torch.stack([one(x) for one in m[1:]], -2) * gates.unsqueeze(-1)).sum(-2)


def recurrent(m, x, h, c):
    y, (h, c) = m[0](x, (h, c))
    return m[1](y[-1]), h, c


def networks():
    mask = torch.tensor([[1] * 6, [1, 1, 1, 0, 0, 0]])
    conv, bn = nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8)
    return {
        'mobile': (Network(squeeze_and_excite, conv, bn, nn.Conv2d(8, 8, 1), nn.Conv2d(8, 4, 1)), (torch.randn(2, 3, 12, 16),)),
        'unet': (Network(unet, nn.Conv2d(2, 4, 3, 1, 1), nn.Conv2d(4, 6, 3, 1, 1), nn.Conv2d(10, 1, 1)), (torch.randn(1, 2, 20, 12),)),
        'attention': (Network(attention, nn.Embedding(20, 16), nn.Embedding(8, 16), nn.Linear(16, 48), nn.Linear(16, 16), nn.LayerNorm(16)), (torch.randint(0, 20, (2, 6)), mask)),
        'experts': (Network(experts, *[nn.Linear(4, 3)], *[nn.Linear(4, 4) for _ in range(3)]), (torch.randn(5, 4),)),
        'recurrent': (Network(recurrent, nn.LSTM(5, 6, 2), nn.Linear(6, 2)), (torch.randn(7, 3, 5), torch.randn(2, 3, 6), torch.randn(2, 3, 6))),
    }


def feeds_of(path, inputs):
    names = [one.name for one in ort.InferenceSession(path, providers=CPU).get_inputs()]
    return {name: value.numpy() for name, value in zip(names, inputs)}


class Samples(CalibrationDataReader):
    def __init__(self, feeds):
        self.left = [feeds]

    def get_next(self):
        return self.left.pop() if self.left else None


def variants(base, inputs):
    """Files made of an export, each with the tolerance of its arithmetic."""
    yield base, 1e-5
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = base.replace('.onnx', '.optimised.onnx')
    ort.InferenceSession(base, options, providers=CPU)
    yield options.optimized_model_filepath, 1e-5
    quantised = base.replace('.onnx', '.dynamic.onnx')
    quantize_dynamic(base, quantised)
    yield quantised, 2e-2
    for kind in QuantFormat:
        static = base.replace('.onnx', f'.{kind}.onnx')
        quantize_static(base, static, Samples(feeds_of(base, inputs)), quant_format=kind)
        yield static, 2e-2


def difference(path, inputs):
    """The largest, over the largest value or 1; None where the command line does not run the file."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(path, options, providers=CPU)
    feeds = feeds_of(path, inputs)
    np.savez(path + '.x.npz', **feeds)
    command = ['node', cli, 'run', path, '--engine', 'tfjs', '--inputs', path + '.x.npz', '--out', path + '.y.npz']
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr.strip())
        return None
    found = np.load(path + '.y.npz')
    expected = {one.name: value for one, value in zip(session.get_outputs(), session.run(None, feeds))}
    assert all(found[name].shape == value.shape for name, value in expected.items()), path
    return max(np.abs(found[name] - value).max() / max(1, np.abs(value).max()) for name, value in expected.items())


torch.manual_seed(7)
failures = 0
for name, (network, inputs) in networks().items():
    if wanted and name not in wanted:
        continue
    for opset in (13, 17):
        base = os.path.join(folder, f'{name}_{opset}.onnx')
        torch.onnx.export(network.eval(), inputs, base, opset_version=opset, dynamo=False)
        for path, tolerance in variants(base, inputs):
            worst = difference(path, inputs)
            fits = worst is not None and worst <= tolerance
            failures += not fits
            print('ok  ' if fits else 'FAIL', os.path.basename(path), worst)
sys.exit(failures > 0)
