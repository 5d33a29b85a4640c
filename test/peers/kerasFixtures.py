# Makes the fixtures that Keras 3.15.1 and h5py 3.14.0 write for the tests of sharded weights, chunk indexes
# and layer classes, with their oracles.
import hashlib
import io
import json
import os
import sys
import zipfile
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import h5py
import keras
import numpy as np

root = sys.argv[1]
folder = os.path.join(root, 'keras')
L = keras.layers


def oracle(name, tensors, **info):
    path = os.path.join(root, 'oracles/tensors', 'keras__' + name.replace('/', '__') + '.json')
    with open(path, 'w') as f:
        json.dump({'file': 'keras/' + name, 'format': info.pop('format', 'hdf5'), 'info': info, 'tensors': tensors}, f, indent=1)


def describe(name, a):
    x = a.astype(np.float64).ravel()
    return {
        'name': name, 'shape': list(a.shape), 'dtype': str(a.dtype), 'size': a.size,
        'sha256': hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest(),
        'nan': 0, 'inf': 0, 'zeros': int((x == 0).sum()),
        'min': x.min(), 'max': x.max(), 'mean': x.mean(), 'std': x.std(),
        'l1': np.abs(x).sum(), 'l2': float(np.sqrt((x * x).sum())),
    }


def arrays(path):
    found = []
    with h5py.File(path) as f:
        f.visititems(lambda p, o: found.append(describe(p, o[()])) if isinstance(o, h5py.Dataset) else None)
    return found


keras.utils.set_random_seed(7)
rng = np.random.default_rng(7)

# Sharded weights: a layer whose variables lie in two shards, too.
m = keras.Sequential([L.Input((12,)), L.Dense(20, activation='relu', name='fc1'), L.BatchNormalization(name='bn'),
                      L.Dense(16, activation='relu', name='fc2'), L.Dense(3, activation='softmax', name='fc3')], name='sharded')
m.compile('adam', 'mse')
m.fit(rng.random((64, 12)), rng.random((64, 3)), epochs=2, verbose=0)
os.makedirs(folder + '/sharded', exist_ok=True)
m.save_weights(folder + '/sharded/model.weights.json', max_shard_size=1400 / 1024**3)
tensors = []
for name in sorted(os.listdir(folder + '/sharded')):
    if name.endswith('.h5'):
        tensors += arrays(folder + '/sharded/' + name)
oracle('sharded/model.weights.json', tensors, format='keras-sharded',
       variables=[{'variable': v.path, 'sha256': hashlib.sha256(v.numpy().tobytes()).hexdigest()} for v in m.variables])

# Layer classes.
a = L.Input((8, 6), name='sequence')
b = L.Input((6, 6, 3), name='image')
c = L.Input((5,), dtype='int32', name='tokens')
e = L.Embedding(11, 6, name='embed')(c)
s = L.Conv1D(4, 3, padding='same', name='c1')(a)
s = L.Conv1DTranspose(6, 2, padding='same', name='c1t')(s)
s = L.Bidirectional(L.LSTM(3, return_sequences=True), name='bi')(s)
s = L.LayerNormalization(name='ln')(s)
s = L.MultiHeadAttention(2, 3, name='mha')(s, s)
s = L.TimeDistributed(L.Dense(4, activation='relu'), name='td')(s)
s = L.SimpleRNN(5, name='rnn')(s)
i = L.Conv2D(4, 3, padding='same', name='conv')(b)
i = L.DepthwiseConv2D(3, padding='same', name='dw')(i)
i = L.SeparableConv2D(5, 3, padding='same', name='sep')(i)
i = L.Conv2DTranspose(3, 2, padding='same', name='ct')(i)
i = L.GroupNormalization(3, name='gn')(i)
i = L.PReLU(name='prelu')(i)
i = L.Reshape((6, 6, 3, 1))(i)
i = L.Conv3D(2, 2, padding='same', name='c3')(i)
i = L.Flatten()(i)
inner = keras.Sequential([L.Input((5, 6)), L.GRU(4, name='gru'), L.Dense(3, name='fc')], name='inner')
t = inner(e)
x = L.Concatenate()([s, i, t])
x = L.EinsumDense('ab,bc->ac', output_shape=7, bias_axes='c', name='einsum')(x)
x = L.Dense(3, name='fc')(x)
m = keras.Model([a, b, c], x, name='zoo')
for suffix in ['keras', 'h5']:
    m.save(f'{folder}/layers_zoo.{suffix}')
with zipfile.ZipFile(folder + '/layers_zoo.keras') as z:
    inside = z.read('model.weights.h5')
found = arrays(io.BytesIO(inside))
variables = [{'variable': v.path, 'sha256': hashlib.sha256(v.numpy().tobytes()).hexdigest()} for v in m.variables]
oracle('layers_zoo.keras', found, format='keras', variables=variables)
oracle('layers_zoo.h5', arrays(folder + '/layers_zoo.h5'), variables=variables)

# The same model again with every member deflated and its weights chunked and deflated.
copy = io.BytesIO()
with h5py.File(io.BytesIO(inside)) as old, h5py.File(copy, 'w', libver='latest') as new:
    def put(p, o):
        if isinstance(o, h5py.Group):
            g = new.require_group(p)
        elif o.ndim:
            g = new.create_dataset(p, data=o[()], compression='gzip', shuffle=True, chunks=tuple(max(1, (n + 1) // 2) for n in o.shape))
        else:
            g = new.create_dataset(p, data=o[()])
        for k, v in o.attrs.items():
            g.attrs[k] = v
    old.visititems(put)
with zipfile.ZipFile(folder + '/layers_zoo.keras') as z, zipfile.ZipFile(folder + '/layers_zoo_deflated.keras', 'w', zipfile.ZIP_DEFLATED) as w:
    for info in z.infolist():
        date = (2026, 11, 22, 0, 0, 0)
        w.writestr(zipfile.ZipInfo(info.filename, date), copy.getvalue() if info.filename.endswith('.h5') else z.read(info), zipfile.ZIP_DEFLATED)
keras.models.load_model(folder + '/layers_zoo_deflated.keras')
oracle('layers_zoo_deflated.keras', found, format='keras', variables=variables)

# bfloat16, which Keras writes as opaque elements with the type's name in an attribute.
import ml_dtypes

m = keras.Sequential([L.Input((8,), dtype='bfloat16'), L.Dense(9, activation='relu', dtype='bfloat16', name='fc1'),
                      L.Dense(3, dtype='bfloat16', name='fc2')], name='bfloat16')
m.save(folder + '/bfloat16.keras')
with zipfile.ZipFile(folder + '/bfloat16.keras') as z, h5py.File(io.BytesIO(z.read('model.weights.h5'))) as f:
    found = []
    f.visititems(lambda p, o: found.append(describe(p, o[()].view(ml_dtypes.bfloat16))) if isinstance(o, h5py.Dataset) else None)
variables = [{'variable': v.path, 'sha256': hashlib.sha256(np.asarray(v.numpy()).tobytes()).hexdigest()} for v in m.variables]
oracle('bfloat16.keras', found, format='keras', variables=variables)
with h5py.File(folder + '/h5_named_floats.h5', 'w') as f:
    x = np.linspace(-2, 2, 12).reshape(3, 4)
    for n in ['bfloat16', 'float8_e4m3fn', 'float8_e5m2', 'float8_e4m3fnuz', 'float8_e5m2fnuz']:
        a = x.astype(getattr(ml_dtypes, n))
        d = f.create_dataset(n, data=a.view(f'V{a.itemsize}'))
        d.attrs['dtype'] = n
    f.create_dataset('unnamed', data=np.arange(6, dtype='<u2').view('V2'))
    d = f.create_dataset('misnamed', data=np.arange(6, dtype='<u4').view('V4'))
    d.attrs['dtype'] = 'bfloat16'

# Every index of chunks, and filters.
def put(f, name, shape, values, **k):
    a = values(shape).astype(np.float32)
    d = f.create_dataset(name, shape=shape, dtype='<f4', **k)
    d[...] = a

noise = lambda s: rng.standard_normal(s)
flat = lambda s: np.full(s, 0.5)
with h5py.File(folder + '/h5_chunk_indexes.h5', 'w', libver='latest') as f:
    z = dict(compression='gzip', shuffle=True)
    put(f, 'fixed_array/kernel', (40, 30), noise, chunks=(8, 7), **z)
    put(f, 'fixed_array_plain/kernel', (40, 30), noise, chunks=(8, 7))
    put(f, 'fixed_array_paged/kernel', (50, 50), noise, chunks=(1, 2), fletcher32=True)
    put(f, 'extensible_array/kernel', (60, 30), noise, chunks=(3, 7), maxshape=(None, 30), **z)
    put(f, 'extensible_array_second/kernel', (20, 40), noise, chunks=(3, 4), maxshape=(20, None), **z)
    put(f, 'extensible_array_large/kernel', (3000, 2), noise, chunks=(1, 2), maxshape=(None, 2))
    put(f, 'btree2/kernel', (40, 30), noise, chunks=(8, 7), maxshape=(None, None), **z)
    put(f, 'btree2_deep/kernel', (90, 60), noise, chunks=(2, 2), maxshape=(None, None), fletcher32=True)
    put(f, 'single/kernel', (20, 10), noise, chunks=(20, 10), **z)
    put(f, 'single_plain/kernel', (20, 10), noise, chunks=(20, 10))
    put(f, 'lzf/kernel', (20, 30), noise, chunks=(8, 8), compression='lzf', shuffle=True)
    growing = dict(chunks=(64, 64), compression='gzip')
    put(f, 'growing_fixed/kernel', (128, 64), flat, **growing)
    put(f, 'growing_tree/kernel', (128, 64), flat, fletcher32=True, maxshape=(None, None), **growing)
    put(f, 'growing_extensible/kernel', (128, 64), flat, maxshape=(None, 64), **growing)
    put(f, 'growing_single/kernel', (64, 64), flat, **growing)
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    dcpl.set_layout(h5py.h5d.COMPACT)
    sp = h5py.h5s.create_simple((6, 5))
    f.create_group('compact')
    d = h5py.h5d.create(f['compact'].id, b'kernel', h5py.h5t.IEEE_F32LE, sp, dcpl=dcpl)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, noise((6, 5)).astype(np.float32))
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    dcpl.set_chunk((4, 4))
    dcpl.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    sp = h5py.h5s.create_simple((10, 9))
    f.create_group('implicit')
    d = h5py.h5d.create(f['implicit'].id, b'kernel', h5py.h5t.IEEE_F32LE, sp, dcpl=dcpl)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, noise((10, 9)).astype(np.float32))
    f['dense_attributes'] = np.zeros((2, 2), np.float32)
    for n in range(20):
        f['dense_attributes'].attrs[f'a{n}'] = 'x' * 4000
oracle('h5_chunk_indexes.h5', arrays(folder + '/h5_chunk_indexes.h5'))
with h5py.File(folder + '/h5_chunk_btree1.h5', 'w', userblock_size=512) as f:
    put(f, 'plain/kernel', (40, 30), noise, chunks=(8, 7), maxshape=(None, None))
    put(f, 'deep/kernel', (60, 40), noise, chunks=(2, 2), compression='gzip')
    put(f, 'growing/kernel', (128, 64), flat, chunks=(64, 64), compression='gzip', fletcher32=True)
    put(f, 'lzf/kernel', (64, 64), flat, chunks=(16, 16), compression='lzf')
oracle('h5_chunk_btree1.h5', arrays(folder + '/h5_chunk_btree1.h5'))
for n in ['h5_chunk_indexes.h5', 'h5_chunk_btree1.h5', 'layers_zoo.keras', 'layers_zoo.h5', 'layers_zoo_deflated.keras']:
    print(n, os.path.getsize(folder + '/' + n))
