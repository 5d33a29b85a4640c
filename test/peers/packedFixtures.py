"""Writes test/fixtures/packed (made with SciPy 1.17.1, NumPy 2.4.6).

Usage: packedFixtures.py FOLDER. Sparse matrices of SciPy come with the dense array they stand for, as a .npy beside
each; layers.npz holds dense arrays with many zeros, to be packed.
"""

import os
import sys

import numpy as np
import scipy.sparse


def matrix(rows, columns, density, seed, dtype=np.float32):
    random = np.random.default_rng(seed)
    values = random.standard_normal((rows, columns)).astype(dtype)
    values[random.random((rows, columns)) >= density] = 0
    return values


def main(folder):
    dense = matrix(40, 30, 0.15, 1)
    dense[7] = 0
    dense[20, 3:] = 0
    cases = {
        "scipy_matrix": (scipy.sparse.csr_matrix(dense), False),
        "scipy_matrix_compressed": (scipy.sparse.csr_matrix(dense.astype(np.float64)), True),
        "scipy_array": (scipy.sparse.csr_array(matrix(12, 9, 0.4, 2)), True),
        "scipy_zeros": (scipy.sparse.csr_matrix((25, 16), dtype=np.int16), False),
        "scipy_columns": (scipy.sparse.csc_matrix(dense), False),
    }
    for name, (sparse, compressed) in cases.items():
        scipy.sparse.save_npz(os.path.join(folder, f"{name}.npz"), sparse, compressed=compressed)
        np.save(os.path.join(folder, f"{name}.npy"), sparse.toarray())
    np.savez(
        os.path.join(folder, "layers.npz"),
        **{
            "l1/kernel": matrix(48, 40, 0.08, 3),
            "l1/bias": matrix(1, 40, 1, 4)[0],
            "l2/kernel": np.asfortranarray(matrix(64, 45, 0.1, 5, np.float64)).reshape(64, 5, 9),
            "half": matrix(60, 50, 0.05, 6, np.float16),
            "swapped": matrix(40, 40, 0.05, 7).astype(">f4"),
            "codes": (matrix(80, 80, 0.03, 8) * 40).astype(np.int8),
            "vector": matrix(1, 2000, 0.05, 9)[0],
            "negative": np.copysign(matrix(32, 64, 0.05, 10), -1) * (np.arange(64) % 4 == 0),
        },
    )


main(sys.argv[1])
