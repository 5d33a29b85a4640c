# Makes test/fixtures/tfjs/operations_graph: a frozen graph of TensorFlow 2.21 in the layout of the TensorFlow.js
# converter, an output an operation, and what TensorFlow computes: python3 tensorflowGraph.py FOLDER
import os, sys, json
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''
os.environ['TF_ENABLE_ONEDNN_OPTS'] = '0'
import numpy as np, tensorflow as tf
from google.protobuf import json_format
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
out = sys.argv[1]
os.makedirs(out, exist_ok=True)
rng = np.random.default_rng(3)
W = lambda *s: tf.constant(rng.uniform(-1, 1, s).astype('float32'))
k = W(3, 3, 4, 6)
dw = W(3, 3, 4, 2)
kt = W(3, 3, 5, 4)
m = W(4, 5)
g, b, mean = (W(4), W(4), W(4))
var = tf.abs(W(4)) + 0.5
kg = W(3, 3, 2, 6)
m2 = W(5, 4)
b6 = W(6)
b8 = W(8)

def f(x, s):
    n = tf.nn
    o = []
    o += [n.conv2d(x, k, 2, 'SAME'),
        n.conv2d(x, k, [1, 2, 1, 1], 'VALID'),
        n.conv2d(x, k, 1, [[0, 0], [1, 2], [0, 1], [0, 0]]),
        n.conv2d(x, kg, 1, 'SAME'),
        n.bias_add(n.conv2d(x, k, 1, 'SAME', dilations=2), b6)]
    o += [n.depthwise_conv2d(x, dw, [1, 1, 1, 1], 'SAME'),
        n.depthwise_conv2d(x, dw, [1, 2, 2, 1], 'VALID'),
        tf.nn.bias_add(n.depthwise_conv2d(x, dw, [1, 1, 1, 1], 'SAME', dilations=[2, 2]), b8)]
    sh = tf.shape(x)
    o += [n.conv2d_transpose(x, kt,
        tf.stack([sh[0], 16, 12, 5]), 2, 'SAME'),
        n.conv2d_transpose(x, kt,
        tf.stack([sh[0], 17, 13, 5]), 2, 'VALID'),
        n.conv2d_transpose(x, kt,
        tf.stack([sh[0], 15, 11, 5]), 2, 'SAME')]
    o += [tf.compat.v1.nn.fused_batch_norm(x, g, b, mean, var, epsilon=0.01, is_training=False)[0]]
    o += [n.max_pool2d(x, [2, 3], [2, 1], 'SAME'),
        n.avg_pool2d(x, 3, 2, 'SAME'),
        n.avg_pool2d(x, 2, 1, 'VALID'),
        n.local_response_normalization(x, 2, 1.0, 0.3, 0.6)]
    r = tf.raw_ops
    o += [r.ResizeBilinear(images=x, size=[5, 9], half_pixel_centers=hp, align_corners=ac) for hp, ac in ((True, False), (False, True), (False, False))]
    o += [r.ResizeNearestNeighbor(images=x, size=[5, 13], half_pixel_centers=hp, align_corners=ac) for hp, ac in ((True, False), (False, False), (False, True))]
    o += [n.depth_to_space(x, 2),
        n.space_to_depth(x, 2),
        tf.batch_to_space(tf.space_to_batch(x, [2, 3], [[1, 1], [2, 1]]), [2, 3], [[1, 1], [2, 1]]),
        tf.space_to_batch(x, [2, 2], [[0, 0], [0, 0]])]
    o += [tf.tensordot(x, m, 1),
        tf.reshape(tf.matmul(tf.reshape(x, [-1, 4]), m), [-1, 8, 6, 5]),
        tf.matmul(tf.reshape(x, [sh[0], -1, 4]), m2, transpose_b=True),
        tf.matmul(x, x, transpose_a=True),
        tf.einsum('bijc,cd->bijd', x, m),
        tf.einsum('bijc,bkjc->bikj', x, x)]
    for fn in (n.relu,
        n.relu6,
        n.elu,
        n.selu,
        tf.sigmoid,
        tf.tanh,
        n.softplus,
        n.softsign,
        n.softmax,
        n.log_softmax,
        tf.exp,
        tf.abs,
        tf.square,
        tf.sign,
        tf.floor,
        tf.math.ceil,
        tf.round,
        tf.sin,
        tf.cos,
        tf.atan,
        tf.math.erf,
        tf.math.expm1,
        tf.negative,
        n.swish,
        n.gelu):
        o.append(fn(x))
    o += [n.leaky_relu(x, 0.3),
        tf.sqrt(tf.abs(x)),
        tf.math.rsqrt(tf.abs(x) + 0.1),
        tf.math.log(tf.abs(x) + 0.1),
        tf.math.log1p(tf.abs(x)), 1 / (x + 5.0),
        x ** 2.0,
        tf.math.floormod(x, 0.7),
        tf.math.floordiv(x, 0.7),
        tf.math.divide_no_nan(x,
        tf.floor(x)),
        tf.math.squared_difference(x, 0.5),
        tf.maximum(x, 0.1),
        tf.minimum(x, g),
        tf.clip_by_value(x, -0.5, 0.5),
        tf.add_n([x, x, x])]
    o += [tf.cast(x > g,
        tf.float32),
        tf.where(tf.logical_and(x > 0, x <= 0.5), x,
        -x),
        tf.cast(tf.equal(tf.floor(x), 0.0),
        tf.float32),
        tf.cast(tf.logical_not(x > 0),
        tf.float32)]
    o += [tf.reduce_mean(x, [1, 2]),
        tf.reduce_sum(x, -1, keepdims=True),
        tf.reduce_max(x, [1]),
        tf.reduce_min(x, 2),
        tf.reduce_prod(x, 3),
        tf.cast(tf.reduce_any(x > 0.9, [1, 2]),
        tf.float32),
        tf.cast(tf.argmax(x, -1, output_type=tf.int32),
        tf.float32),
        tf.cumsum(x, 1, exclusive=True, reverse=True),
        tf.math.top_k(x, 2)[0],
        tf.cast(tf.math.top_k(x, 3)[1],
        tf.float32)]
    o += [tf.transpose(x, [0, 3, 1, 2]),
        tf.concat([x, x * 2], -1),
        *tf.split(x, 2, 3),
        *tf.split(x, [1, -1, 3], 1),
        x[:, 1:-1, ::2],
        x[:, -1],
        x[...,
        tf.newaxis, 1:3],
        x[:, ::-1],
        x[:, :, 2, None],
        tf.gather(x, [2, 0], axis=1),
        tf.pad(x, [[0, 0], [1, 0], [0, 2], [0, 0]], constant_values=3.0),
        tf.pad(x, [[0, 0], [1, 1], [2, 0], [0, 0]], mode='REFLECT'),
        tf.tile(x, [1, 1, 2, 1]),
        tf.reverse(x, [2]),
        tf.slice(x, [0, 1, 2, 0], [-1, 3, -1, 2]),
        tf.squeeze(x[:, :1], 1),
        tf.expand_dims(x, 2)]
    o += [tf.reshape(x,
        tf.concat([sh[:1], [-1]], 0)),
        tf.reshape(x,
        tf.stack([sh[0], sh[1] * sh[2], sh[3]])),
        *tf.unstack(x[:, :2], axis=1),
        tf.stack([x, x], 2),
        tf.one_hot(s, 5, on_value=2.0, off_value=-1.0),
        tf.gather(m2, s),
        tf.cast(s // 2,
        tf.float32),
        tf.cast(tf.range(4),
        tf.float32) * x, x + tf.fill([6, 4], 0.5),
        tf.broadcast_to(x[:, :1], sh), x + tf.zeros_like(x) * 2 + tf.ones_like(x),
        tf.stop_gradient(x) * 1.5]
    return [tf.identity(v, f'o{i}') for i, v in enumerate(o)]
fn = tf.function(f, input_signature=[tf.TensorSpec([None, 8, 6, 4],
    tf.float32, name='x'),
    tf.TensorSpec([None, 3],
    tf.int32, name='s')])
c = fn.get_concrete_function()
fz = convert_variables_to_constants_v2(c)
gd = fz.graph.as_graph_def()
from tensorflow.python.grappler import tf_optimizer
js = json.loads(json_format.MessageToJson(gd))
man = []
data = b''
D = {1: 'float32', 3: 'int32', 10: 'bool'}
for node, jn in zip(gd.node, js['node']):
    if node.op == 'Const':
        a = tf.make_ndarray(node.attr['value'].tensor)
        if a.dtype == object:
            continue
        dt = {'float32': 'float32', 'int32': 'int32', 'bool': 'bool', 'int64': 'int32'}[str(a.dtype)]
        a = np.ascontiguousarray(a.astype(dt)) if a.ndim else a.astype(dt)
        man.append({'name': node.name, 'shape': list(a.shape), 'dtype': dt})
        data += a.tobytes()
        t = jn['attr']['value']['tensor']
        jn['attr']['value']['tensor'] = {'dtype': t['dtype'], 'tensorShape': t.get('tensorShape', {})}
for n_ in js['node']:
    n_.pop('experimentalType', None)
    n_.get('attr', {}).pop('_output_shapes', None)
dims = lambda s: {'dim': [{'size': str(-1 if d is None else d)} for d in s]}
ins = {t.name.split(':')[0]: {'name': t.name, 'dtype': 'DT_FLOAT' if t.dtype == tf.float32 else 'DT_INT32', 'tensorShape': dims(t.shape)} for t in fz.inputs}
outs = {f'y{i}': {'name': t.name, 'dtype': 'DT_FLOAT', 'tensorShape': dims(t.shape if t.shape.rank is not None else [])} for i, t in enumerate(fz.outputs)}
json.dump({'format': 'graph-model', 'generatedBy': tf.__version__, 'convertedBy': None, 'signature': {'inputs': ins, 'outputs': outs}, 'modelTopology': {'node': js['node'], 'library': {}, 'versions': {'producer': 1}}, 'weightsManifest': [{'paths': ['group1-shard1of1.bin'], 'weights': man}]}, open(f'{out}/model.json', 'w'), separators=(',', ':'))
open(f'{out}/group1-shard1of1.bin', 'wb').write(data)
x = rng.uniform(-2, 2, (3, 8, 6, 4)).astype('float32')
s = rng.integers(0, 5, (3, 3)).astype('int32')
ys = fz(tf.constant(x), tf.constant(s))
a = {'input0': x, 'input1': s}
if [t.name for t in fz.inputs][0][0] != 'x':
    print('order', fz.inputs)
for i, y in enumerate(ys):
    a[f'output{i}'] = np.asarray(y)
np.savez_compressed(f'{out}/outputs.npz', **a)
from collections import Counter
print(len(ys), dict(Counter((n_.op for n_ in gd.node))))
