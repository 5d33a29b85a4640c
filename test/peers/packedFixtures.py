"""Writes the sparse matrices of test/fixtures/packed with SciPy (made with SciPy 1.17.1, NumPy 2.4.6).

Usage: packedFixtures.py FOLDER. Each file comes with the dense array it stands for, as a .npy beside it.
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


main(sys.argv[1])
