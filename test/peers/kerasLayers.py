# Makes the models of test/fixtures/keras/layers, a family of layers each, with random weights, and what Keras
# 3.15.1 (TensorFlow 2.21) computes for random inputs: python3 kerasLayers.py FOLDER
import os, sys
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''
os.environ['TF_ENABLE_ONEDNN_OPTS'] = '0'
import numpy as np, keras
from keras import layers as L, ops
out = sys.argv[1]
os.makedirs(out, exist_ok=True)
rng = np.random.default_rng(7)
arrays = {}

def rand(shape, dtype='float32', high=None):
    return rng.integers(0, high, shape).astype(dtype) if high else rng.uniform(-2, 2, shape).astype(dtype)

def randomize(m):
    for w in m.weights:
        v = rng.uniform(-0.8, 0.8, w.shape).astype('float32')
        if 'variance' in w.name:
            v = np.abs(v) + 0.3
        if w.dtype.startswith('float'):
            w.assign(v)
    for l in m._flatten_layers():
        if isinstance(l, L.Normalization) and l.input_mean is None:
            l.finalize_state()

def save(name, model, inputs, h5=False):
    randomize(model)
    model.save(f'{out}/{name}.keras')
    if h5:
        model.save(f'{out}/{name}.h5')
    y = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0, batch_size=64)
    ys = y if isinstance(y, (list, tuple)) else [y]
    ys = [v for v in keras.tree.flatten(ys)]
    for i, x in enumerate(inputs):
        arrays[f'{name}.input{i}'] = x
    for i, v in enumerate(ys):
        arrays[f'{name}.output{i}'] = np.asarray(v).astype('float32')

def each(name, shape, makes, dtype='float32', high=None, batch=2, h5=False):
    x = keras.Input(shape, dtype=dtype, name='x')
    m = keras.Model(x, [mk(x) for mk in makes], name=name)
    conc = tuple((5 if s is None else s for s in shape))
    save(name, m, [rand((batch,) + conc, dtype, high)], h5)
each('dense', (3, 4, 5), [lambda x: L.Dense(4, activation='gelu')(x),
    lambda x: L.Dense(3, use_bias=False)(x),
    lambda x: L.EinsumDense('abcd,de->abce', output_shape=(None, 4, 6), bias_axes='e')(x),
    lambda x: L.EinsumDense('abcd,cde->abe', output_shape=(None, 7), bias_axes='e', activation='tanh')(x),
    lambda x: L.EinsumDense('abcd,def->abcef', output_shape=(3, 4, 2, 3))(x),
    lambda x: L.EinsumDense('...d,de->...e', output_shape=6, bias_axes='e')(x),
    lambda x: L.EinsumDense('abcd,dce->aeb', output_shape=(4, None), bias_axes='e')(x)])
each('convolution1d', (9, 4), [lambda x: L.Conv1D(5, 3, padding='causal', dilation_rate=2)(x),
    lambda x: L.Conv1D(4, 3, strides=2, padding='same', groups=2)(x),
    lambda x: L.Conv1D(3, 4, activation='relu', use_bias=False)(x),
    lambda x: L.DepthwiseConv1D(3, depth_multiplier=2, padding='same')(x),
    lambda x: L.SeparableConv1D(5, 3, depth_multiplier=2, padding='same', activation='elu')(x),
    lambda x: L.Conv1DTranspose(3, 4, strides=2, padding='same')(x),
    lambda x: L.Conv1DTranspose(3, 3, strides=2)(x),
    lambda x: L.Conv1DTranspose(2, 3, strides=3, padding='valid', output_padding=1)(x),
    lambda x: L.MaxPooling1D(3, strides=2, padding='same')(x),
    lambda x: L.AveragePooling1D(2)(x),
    lambda x: L.AveragePooling1D(3, padding='same')(x),
    lambda x: L.GlobalMaxPooling1D()(x),
    lambda x: L.GlobalAveragePooling1D(keepdims=True)(x),
    lambda x: L.ZeroPadding1D((2, 1))(x),
    lambda x: L.Cropping1D((1, 3))(x),
    lambda x: L.UpSampling1D(3)(x),
    lambda x: L.SpatialDropout1D(0.3)(x)])
each('convolution2d', (8, 7, 4), [lambda x: L.Conv2D(6, (3, 2), strides=(2, 1), padding='same')(x),
    lambda x: L.Conv2D(4, 3, dilation_rate=2, groups=2, activation='relu')(x),
    lambda x: L.DepthwiseConv2D(3, depth_multiplier=2)(x),
    lambda x: L.DepthwiseConv2D(3, strides=2, padding='same', use_bias=False)(x),
    lambda x: L.DepthwiseConv2D((2, 3), dilation_rate=2, padding='same')(x),
    lambda x: L.SeparableConv2D(5, 3, strides=2, padding='same', activation='swish')(x),
    lambda x: L.Conv2DTranspose(3, 3, strides=2, padding='same')(x),
    lambda x: L.Conv2DTranspose(3, (4, 2), strides=(2, 3))(x),
    lambda x: L.Conv2DTranspose(2, 3, strides=2, padding='same', output_padding=1)(x),
    lambda x: L.Conv2DTranspose(2, 2, strides=3, padding='valid')(x),
    lambda x: L.MaxPooling2D((3, 2), strides=2, padding='same')(x),
    lambda x: L.AveragePooling2D(3, strides=2, padding='same')(x),
    lambda x: L.AveragePooling2D((2, 3))(x),
    lambda x: L.GlobalMaxPooling2D(keepdims=True)(x),
    lambda x: L.GlobalAveragePooling2D()(x),
    lambda x: L.ZeroPadding2D(((1, 2), (0, 3)))(x),
    lambda x: L.Cropping2D(((1, 2), (0, 3)))(x),
    lambda x: L.Cropping2D((1, 2))(x),
    lambda x: L.UpSampling2D((2, 3))(x),
    lambda x: L.UpSampling2D((2, 2), interpolation='bilinear')(x),
    lambda x: L.Resizing(5, 11)(x),
    lambda x: L.Resizing(11, 4, interpolation='nearest')(x),
    lambda x: L.Resizing(3, 3)(x),
    lambda x: L.Rescaling(0.5, offset=[1.0, 2.0, 3.0, 4.0])(x),
    lambda x: L.SpatialDropout2D(0.3)(x),
    lambda x: L.RandomFlip()(x),
    lambda x: L.RandomRotation(0.2)(x)])
D = {'data_format': 'channels_first'}
x = keras.Input((4, 8, 7), name='x')
each('channels_first', (4, 8, 7), [lambda x: L.Flatten(**D)(x),
    lambda x: L.ZeroPadding2D(((1, 2), (0, 3)), **D)(x),
    lambda x: L.Cropping2D((1, 2), **D)(x),
    lambda x: L.UpSampling2D(2, **D)(x),
    lambda x: L.GlobalAveragePooling2D(**D)(x),
    lambda x: L.GlobalMaxPooling2D(keepdims=True, **D)(x),
    lambda x: L.BatchNormalization(axis=1)(x),
    lambda x: L.GroupNormalization(2, axis=1)(x),
    lambda x: L.SpatialDropout2D(0.2, **D)(x),
    lambda x: L.Resizing(5, 6, **D)(x)])
each('normalization', (6, 5, 8), [lambda x: L.BatchNormalization()(x),
    lambda x: L.BatchNormalization(axis=2, scale=False, epsilon=0.01)(x),
    lambda x: L.BatchNormalization(center=False)(x),
    lambda x: L.LayerNormalization()(x),
    lambda x: L.LayerNormalization(axis=[1, 3], epsilon=0.01)(x),
    lambda x: L.LayerNormalization(axis=[2, 3], scale=False)(x),
    lambda x: L.LayerNormalization(center=False)(x),
    lambda x: L.LayerNormalization(rms_scaling=True)(x),
    lambda x: L.LayerNormalization(axis=2)(x),
    lambda x: L.GroupNormalization(4)(x),
    lambda x: L.GroupNormalization(-1, scale=False)(x),
    lambda x: L.GroupNormalization(2, center=False)(x),
    lambda x: L.RMSNormalization()(x),
    lambda x: L.RMSNormalization(axis=[2, 3])(x),
    lambda x: L.UnitNormalization()(x),
    lambda x: L.UnitNormalization(axis=[1, 2])(x),
    lambda x: L.Normalization(mean=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], variance=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])(x),
    lambda x: L.Normalization(axis=None, mean=0.5, variance=2.0)(x),
    lambda x: L.Normalization(axis=None, mean=0.5, variance=2.0, invert=True)(x),
    lambda x: L.Normalization(axis=[1, 3])(x),
    lambda x: L.Normalization(axis=-1)(x)])
acts = 'elu exponential gelu hard_sigmoid hard_silu leaky_relu linear log_softmax mish relu relu6 selu sigmoid silu softmax softplus softsign tanh celu glu hard_tanh hard_shrink log_sigmoid soft_shrink sparse_plus sparse_sigmoid squareplus tanh_shrink threshold'.split()
acts = [a for a in acts if hasattr(keras.activations, a) and a != 'threshold']
each('activation', (4, 6), [(lambda a: lambda x: L.Activation(a)(x))(a) for a in acts] + [lambda x: L.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2)(x),
    lambda x: L.LeakyReLU()(x),
    lambda x: L.LeakyReLU(negative_slope=0.05)(x),
    lambda x: L.ELU(alpha=0.5)(x),
    lambda x: L.PReLU()(x),
    lambda x: L.PReLU(shared_axes=[1])(x),
    lambda x: L.Softmax(axis=1)(x),
    lambda x: L.Softmax(axis=[1, 2])(x),
    lambda x: L.Dense(3, activation=L.LeakyReLU(negative_slope=0.3))(x),
    lambda x: L.Activation(keras.activations.gelu)(x),
    lambda x: L.Dropout(0.4)(x),
    lambda x: L.Dropout(0.4, noise_shape=(None, 1, 6))(x),
    lambda x: L.GaussianNoise(0.3)(x),
    lambda x: L.GaussianDropout(0.3)(x),
    lambda x: L.AlphaDropout(0.3)(x),
    lambda x: L.Identity()(x),
    lambda x: L.ActivityRegularization(0.1)(x),
    lambda x: L.Softmax()(x, mask=ops.greater(x, 0.0))])
a = keras.Input((4, 6), name='a')
b = keras.Input((4, 6), name='b')
c = keras.Input((6,), name='c')
d = keras.Input((5, 6), name='d')
m = keras.Model([a, b, c, d], [L.Add()([a, b, c]),
    L.Subtract()([a, b]),
    L.Multiply()([a, b, c]),
    L.Average()([a, b, a]),
    L.Maximum()([a, b]),
    L.Minimum()([a, c]),
    L.Concatenate()([a, b]),
    L.Concatenate(axis=1)([a, d]),
    L.Dot(axes=2)([a, d]),
    L.Dot(axes=(2, 1))([a, c]),
    L.Dot(axes=1)([c, c]),
    L.Dot(axes=1, normalize=True)([a, b]),
    L.Dot(axes=(1, 2))([c, d]),
    L.Permute((2, 1))(a),
    L.RepeatVector(3)(c),
    L.Reshape((2, -1))(a),
    L.Reshape((3, 8))(a),
    L.Flatten()(a),
    L.Flatten()(keras.ops.mean(c, axis=-1))], name='merging')
save('merging', m, [rand((3, 4, 6)), rand((3, 4, 6)), rand((3, 6)), rand((3, 5, 6))])
R = []
x = keras.Input((5, 4), name='x')
h = keras.Input((3,), name='h')
cc = keras.Input((3,), name='c')
o = [L.SimpleRNN(3)(x),
    L.SimpleRNN(3, activation='relu', return_sequences=True, use_bias=False)(x),
    L.LSTM(3, return_sequences=True)(x),
    L.GRU(3)(x),
    L.GRU(3, reset_after=False, return_sequences=True)(x),
    L.GRU(3, use_bias=False)(x),
    L.LSTM(3, go_backwards=True, return_sequences=True)(x),
    L.LSTM(3, recurrent_activation='hard_sigmoid', activation='softsign')(x),
    *L.LSTM(3, return_state=True)(x),
    *L.GRU(3, return_state=True, return_sequences=True, go_backwards=True)(x),
    L.LSTM(3)(x, initial_state=[h, cc]),
    L.GRU(3, return_sequences=True)(x, initial_state=h),
    L.SimpleRNN(3, stateful=False)(x, initial_state=[h]),
    L.RNN(L.LSTMCell(3), return_sequences=True)(x),
    L.RNN([L.GRUCell(3),
    L.LSTMCell(4),
    L.SimpleRNNCell(2)])(x),
    *L.RNN([L.LSTMCell(3),
    L.LSTMCell(2)], return_state=True)(x)[:1],
    L.TimeDistributed(L.Dense(3, activation='tanh'))(x)]
save('recurrent', keras.Model([x, h, cc], o, name='recurrent'), [rand((3, 5, 4)), rand((3, 3)), rand((3, 3))])
B = L.Bidirectional
o = [B(L.LSTM(3))(x),
    B(L.GRU(3, return_sequences=True), merge_mode='sum')(x),
    B(L.SimpleRNN(3, return_sequences=True), merge_mode='ave')(x),
    B(L.LSTM(3, return_sequences=True), merge_mode='mul')(x),
    *B(L.LSTM(3, return_sequences=True), merge_mode=None)(x),
    *B(L.LSTM(3, return_state=True))(x),
    *B(L.GRU(2, return_state=True, return_sequences=True))(x),
    B(L.LSTM(3, return_sequences=True), backward_layer=L.GRU(3, return_sequences=True, go_backwards=True))(x)]
save('bidirectional', keras.Model(x, o, name='bidirectional'), [rand((3, 5, 4))], h5=True)
v = keras.Input((3, 6, 6, 2), name='v')
inner = keras.Sequential([keras.Input((6, 6, 2)),
    L.Conv2D(3, 3, activation='relu'),
    L.Flatten(),
    L.Dense(4)], name='inner')
o = [L.TimeDistributed(L.Conv2D(3, 3, strides=2))(v),
    L.TimeDistributed(inner)(v),
    L.TimeDistributed(L.BatchNormalization())(v),
    L.TimeDistributed(L.Flatten())(v),
    L.TimeDistributed(L.MaxPooling2D(2))(v),
    L.TimeDistributed(L.TimeDistributed(L.LSTM(2)))(v)]
save('time_distributed', keras.Model(v, o, name='time_distributed'), [rand((2, 3, 6, 6, 2))])
i = keras.Input((6,), dtype='int32', name='i')
e = L.Embedding(9, 4, mask_zero=True)(i)
e2 = L.Embedding(9, 4)(i)
e3 = L.Embedding(9, 4, mask_zero=True)(i)
e4 = L.Embedding(9, 4, mask_zero=True)(i)
k = L.Masking(1.0)(keras.ops.cast(keras.ops.expand_dims(i, -1), 'float32'))
o = [e2,
    L.LSTM(3)(e),
    L.LSTM(3, return_sequences=True)(e),
    L.LSTM(3, return_sequences=True, zero_output_for_mask=True)(e),
    L.GRU(3, go_backwards=True, return_sequences=True)(e),
    *L.GRU(3, return_state=True)(L.Dropout(0.2)(e)),
    B(L.LSTM(3, return_sequences=True))(e),
    B(L.GRU(3))(e),
    L.GlobalAveragePooling1D()(e),
    L.SimpleRNN(3)(L.Add()([e, e2])),
    L.SimpleRNN(3)(L.Add()([e, e])),
    L.SimpleRNN(3)(L.Concatenate()([e, e])),
    L.MultiHeadAttention(2, 3)(e3, e3),
    L.MultiHeadAttention(2, 3, dropout=0.1)(e4, e4, use_causal_mask=True),
    L.Attention()([e, e]),
    L.AdditiveAttention()([e, e2]),
    L.SimpleRNN(3)(L.LayerNormalization()(e)),
    L.SimpleRNN(3)(L.Conv1D(3, 1)(e)),
    L.SimpleRNN(2)(k), k,
    L.GlobalAveragePooling1D()(L.LSTM(3, return_sequences=True)(e)),
    L.SimpleRNN(3)(L.TimeDistributed(L.Dense(2))(e))]
x0 = np.array([[3, 1, 0, 2, 0, 0], [0, 0, 5, 1, 2, 8], [1, 2, 3, 4, 5, 6], [7, 0, 1, 0, 3, 0]], 'int32')
save('masks', keras.Model(i, o, name='masks'), [x0])
m = keras.Sequential([keras.Input((None,), dtype='int32'),
    L.Embedding(9, 4, mask_zero=True),
    L.Dropout(0.2),
    B(L.LSTM(3, return_sequences=True)),
    L.LayerNormalization(),
    L.GRU(4),
    L.Dense(3, activation='softmax')], name='sequential_mask')
save('sequential_mask', m, [x0])
q = keras.Input((5, 6), name='q')
s = keras.Input((7, 6), name='s')
t = keras.Input((7, 4), name='t')
am = keras.Input((5, 7), dtype='bool', name='am')
M = L.MultiHeadAttention
o = [M(2, 3)(q, q),
    M(2, 3, value_dim=4, output_shape=5)(q, s),
    M(2, 3, use_bias=False)(q, t, s),
    M(2, 3)(q, s, attention_mask=am),
    M(2, 3)(q, q, use_causal_mask=True),
    *M(2, 3)(q, s, return_attention_scores=True),
    M(2, 3, dropout=0.1)(q, s, attention_mask=am),
    L.GroupQueryAttention(4, 4, 2)(q, s),
    L.GroupQueryAttention(3, 4, 1)(q, q, use_causal_mask=True),
    L.Attention()([q, s]),
    L.Attention(use_scale=True)([q, s]),
    L.Attention(score_mode='concat', use_scale=True)([q, s]),
    L.Attention()([q, q], use_causal_mask=True),
    *L.Attention()([q, t, s], return_attention_scores=True),
    L.AdditiveAttention()([q, s]),
    L.AdditiveAttention(use_scale=False)([q, t, s])]
save('attention', keras.Model([q, s, t, am], o, name='attention'), [rand((3, 5, 6)), rand((3, 7, 6)), rand((3, 7, 4)), rng.uniform(size=(3, 5, 7)) > 0.4], h5=True)
x = keras.Input((None, 6), name='x')
y = L.Add()([x, M(2, 3)(x, x, use_causal_mask=True)])
y = L.LayerNormalization()(y)
z = L.Dense(8, activation='gelu')(y)
y = L.Add()([y, L.Dense(6)(z)])
y = L.TimeDistributed(L.Dense(3))(y)
o = [y,
    L.GlobalAveragePooling1D()(y),
    L.TimeDistributed(L.Reshape((3, 1)))(y),
    L.Attention()([x, x], use_causal_mask=True),
    x[:, -1],
    x[:, 0, :],
    ops.concatenate([x[:, 1:],
    x[:, :1]], axis=1)]
save('open_sequence', keras.Model(x, o, name='open_sequence'), [rand((2, 5, 6))])
x = keras.Input((None, None, 3), name='x')
y = L.Conv2D(4, 3, padding='same', activation='relu')(x)
y = L.MaxPooling2D()(y)
y = L.UpSampling2D()(y)
y = L.Concatenate()([x, y])
o = [y, L.GlobalAveragePooling2D()(y)]
save('open_image', keras.Model(x, o, name='open_image'), [rand((2, 6, 8, 3))])
x = keras.Input((4, 6), name='x')
y = keras.Input((4, 6), name='y')
n = keras.Input((3,), dtype='int32', name='n')
o = [x * 2.0 + 1.0, 1.0 - x, x / y,
    x ** 2,
    -x,
    ops.abs(x), x // 1.5, x % 1.5,
    ops.exp(x),
    ops.log(ops.abs(x) + 1),
    ops.sqrt(ops.abs(x)),
    ops.square(x),
    ops.sin(x),
    ops.tanh(x),
    ops.sigmoid(x),
    ops.relu(x),
    ops.gelu(x),
    ops.silu(x),
    ops.softmax(x, axis=1),
    ops.log_softmax(x),
    ops.leaky_relu(x),
    ops.elu(x),
    ops.maximum(x, y),
    ops.minimum(x, 0.5),
    ops.clip(x, -0.5, 1.0),
    ops.where(x > y, x, 0.0),
    ops.cast(x > 0, 'float32'),
    ops.cast(ops.logical_and(x > 0, y <= 0.5), 'float32'),
    ops.mean(x, axis=-1, keepdims=True),
    ops.sum(x, axis=[1, 2]),
    ops.max(x, axis=1),
    ops.min(x, axis=-1),
    ops.var(x, axis=1),
    ops.std(x, axis=-1),
    ops.prod(x, axis=1),
    ops.logsumexp(x, axis=-1),
    ops.argmax(x, axis=-1),
    ops.cumsum(x, axis=1),
    ops.reshape(x, (-1, 3, 8)),
    ops.transpose(x, (0, 2, 1)),
    ops.expand_dims(x, 1),
    ops.squeeze(ops.expand_dims(x, 2), 2),
    ops.concatenate([x, y], axis=-1),
    ops.stack([x, y], axis=1),
    *ops.split(x, 3, axis=-1),
    *ops.split(x, [1, 3], axis=1),
    x[:, 1:3],
    x[..., ::2],
    x[:, -1],
    x[:, ::-1, 1:-1],
    x[:, 0, None, 2:],
    ops.flip(x, axis=1),
    ops.tile(x, (1, 2, 1)),
    ops.repeat(x, 2, axis=2),
    ops.pad(x, ((0, 0), (1, 2), (0, 1))),
    ops.swapaxes(x, 1, 2),
    ops.moveaxis(x, 2, 1),
    ops.matmul(x,
    ops.transpose(y, (0, 2, 1))),
    ops.einsum('abc,adc->abd', x, y),
    ops.einsum('abc,abc->ab', x, y),
    ops.einsum('abc->ac', x),
    ops.take(x,
    ops.array([0, 2]) if False else n[0] if False else [0, 2], axis=1),
    ops.one_hot(n, 5),
    ops.cast(n, 'float32') * 0.5, x + np.arange(6, dtype='float32'), x * np.arange(4, dtype='float32')[:, None],
    ops.cast(n + 1, 'float32'),
    ops.cast(n, 'float32') / 2, n / 2,
    ops.normalize(x, axis=-1),
    ops.arctan2(x, y),
    ops.rsqrt(ops.abs(x) + 0.1),
    ops.floor(x),
    ops.round(x * 2),
    ops.sign(x),
    ops.erf(x),
    ops.hard_sigmoid(x),
    ops.top_k(x, 2)[0],
    ops.zeros_like(x),
    ops.ones_like(x)]
save('operations', keras.Model([x, y, n], o, name='operations'), [rand((3, 4, 6)), rand((3, 4, 6)), rand((3, 3), 'int32', 5)])
i1 = keras.Input((6,), name='i1')
i2 = keras.Input((6,), name='i2')
sub = keras.Sequential([L.Dense(4, activation='tanh'), L.Dense(3)], name='sub')
p = keras.Input((4,), name='p')
fn = keras.Model(p, [L.Dense(3, name='same')(p), L.Dense(2, name='second')(p)], name='fn')
sh = L.Dense(4, name='same')
u1, u2 = (sh(i1), sh(i2))
f1 = fn(u1)
f2 = fn(u2)
save('nested', keras.Model([i1, i2], [sub(i1), sub(i2),
    *f1,
    *f2,
    L.Add()([f1[0], f2[0]])], name='nested'), [rand((3, 6)), rand((3, 6))], h5=True)
# What Keras does with masks where a call has several tensors, and after attention.
enc = keras.Input((5,), dtype='int32', name='enc')
dec = keras.Input((4,), dtype='int32', name='dec')
e = L.Embedding(9, 4, mask_zero=True)(enc)
d = L.Embedding(9, 4, mask_zero=True)(dec)
_, h, c = L.LSTM(3, return_state=True)(e)
a = L.Embedding(9, 4, mask_zero=True)(enc)
at = L.MultiHeadAttention(2, 3)(a, a)
ad = L.Add()([a, at])
o = [L.LSTM(3, return_sequences=True)(d, initial_state=[h, c]),
    L.Bidirectional(L.GRU(3, return_sequences=True))(d, initial_state=[h, c]),
    L.GroupQueryAttention(2, 4, 1)(ad, ad),
    L.MultiHeadAttention(2, 3)(ad, ad),
    L.GlobalAveragePooling1D()(ad),
    L.GlobalAveragePooling1D()(L.Attention()([e, e])),
    L.LSTM(3)(ops.softmax(e))]
x0, x1 = (rand((3, 5), 'int32', 9), rand((3, 4), 'int32', 9))
x0[:, 3:] = 0
x1[1:, 2:] = 0
save('mask_routes', keras.Model([enc, dec], o, name='mask_routes'), [x0, x1])
num = keras.Input((3,), name='num')
one = keras.Input((1,), dtype='int32', name='one')
ids = keras.Input((4,), dtype='int32', name='ids')
bounds = [-1.0, 0.0, 0.5]
o = [L.Discretization(bin_boundaries=bounds)(num),
    *[L.Discretization(bin_boundaries=bounds, output_mode=m)(num) for m in ['one_hot', 'multi_hot', 'count']],
    L.CategoryEncoding(num_tokens=6, output_mode='one_hot')(one),
    L.CategoryEncoding(num_tokens=6)(ids),
    L.CategoryEncoding(num_tokens=6, output_mode='count')(ids),
    L.IntegerLookup(vocabulary=[4, 2, 5])(ids),
    L.IntegerLookup(vocabulary=[4, 2, 5], mask_token=0, num_oov_indices=3)(ids),
    L.IntegerLookup(vocabulary=[4, 2, 5], output_mode='one_hot')(one),
    L.IntegerLookup(vocabulary=[4, 2, 5], output_mode='multi_hot', mask_token=0)(ids),
    L.IntegerLookup(vocabulary=[0, -1, 4, 2], output_mode='count', max_tokens=7, pad_to_max_tokens=True)(ids),
    L.IntegerLookup(vocabulary=[0, -1, 4, 2], mask_token=0)(ids)]
save('categories', keras.Model([num, one, ids], o, name='categories'), [rand((5, 3)), rand((5, 1), 'int32', 6), rand((5, 4), 'int32', 6)])
from keras.src.applications.convnext import LayerScale
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer
i = keras.Input((6, 5, 4), name='x')
r = L.Reshape((30, 4))(i)
B = L.Bidirectional
o = [LayerScale(0.1, 4)(i),
    CustomScaleLayer(0.17)([i, L.ReLU()(i)]),
    L.SpectralNormalization(L.Conv2D(3, 2))(i),
    L.SpectralNormalization(L.Dense(3))(i),
    L.MixUp()(i),
    L.RandomGrayscale()(i),
    L.Activation('sparsemax')(i),
    L.RNN([L.LSTMCell(3), L.GRUCell(2), L.LSTMCell(3)])(r)]
save('scaled', keras.Model(i, o, name='scaled'), [rand((2, 6, 5, 4))], h5=True)
x = keras.Input((4, 6), name='x')
im = keras.Input((6, 5, 3), name='im')
o = [ops.norm(x, axis=-1), ops.norm(x, ord=1, axis=1, keepdims=True), ops.norm(x, ord=3, axis=1), ops.norm(x, axis=(1, 2)),
    ops.roll(x, 1, axis=1),
    ops.roll(x, (-2, 1), axis=(1, 2)),
    ops.triu(x), ops.triu(x, 2), ops.tril(x), ops.tril(x, -1),
    ops.diff(x),
    ops.diff(x, n=2, axis=1),
    *ops.unstack(x, axis=1),
    ops.hstack([x, x]),
    ops.sort(x),
    ops.sort(x, axis=1),
    ops.argsort(x),
    ops.take_along_axis(x, ops.argsort(x, axis=1), axis=1),
    ops.full_like(x, 2.5),
    ops.multi_hot(ops.argmax(x, -1), 6),
    ops.average(x, axis=1),
    ops.average(x, axis=1, weights=ops.abs(x) + 0.1),
    ops.count_nonzero(x > 0, axis=1),
    ops.logaddexp(x, x * 2),
    ops.layer_normalization(x),
    ops.layer_normalization(x, gamma=np.arange(6, dtype='float32'), beta=np.ones(6, 'float32')),
    ops.rms_normalization(x, axis=-1),
    ops.convert_to_tensor(x),
    ops.image.resize(im, (9, 4)),
    ops.image.resize(im, (9, 4), interpolation='nearest'),
    ops.image.rgb_to_grayscale(im),
    ops.max_pool(im, 2),
    ops.average_pool(im, (3, 2), strides=1, padding='same')]
save('rearranging', keras.Model([x, im], o, name='rearranging'), [rand((3, 4, 6)), rand((3, 6, 5, 3))])
p = keras.Input((3,), name='p')
q = keras.Input((2,), name='q')
pair = keras.Model({'second': q, 'first': p}, {'two': L.Dense(3)(q), 'one': L.Dense(2)(p)}, name='pair')
u = keras.Input((3,), name='u')
v = keras.Input((2,), name='v')
w = pair({'second': v, 'first': u})
save('named_tensors', keras.Model([u, v], [w['two'], L.Dense(2)(w['one'])], name='named_tensors'), [rand((3, 3)), rand((3, 2))])
np.savez_compressed(f'{out}/outputs.npz', **arrays)
