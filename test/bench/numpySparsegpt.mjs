// SparseGPT of one layer as published, in NumPy and float64, in one fresh process.
import { spawnSync } from 'node:child_process';

const PROGRAM = `
import sys, time
import numpy as np

def sparsegpt(weights, samples, share, block=128, damping=0.01):
    weights = weights.copy()
    hessian = 2 * samples.T @ samples
    diagonal = np.arange(len(hessian))
    dead = np.diag(hessian) == 0
    hessian[dead, dead] = 1
    weights[:, dead] = 0
    hessian[diagonal, diagonal] += damping * np.mean(np.diag(hessian))
    factor = np.linalg.cholesky(np.linalg.inv(hessian)).T
    inputs = weights.shape[1]
    for first in range(0, inputs, block):
        end = min(first + block, inputs)
        own, upper = weights[:, first:end].copy(), factor[first:end, first:end]
        errors = np.zeros_like(own)
        scores = own ** 2 / np.diag(upper) ** 2
        goes = scores <= np.sort(scores.ravel())[int(scores.size * share)]
        for i in range(end - first):
            error = np.where(goes[:, i], own[:, i], 0) / upper[i, i]
            kept = np.where(goes[:, i], 0, own[:, i])
            own[:, i:] -= np.outer(error, upper[i, i:])
            own[:, i] = kept
            errors[:, i] = error
        weights[:, first:end] = own
        weights[:, end:] -= errors @ factor[first:end, end:]
    return weights

size, count = int(sys.argv[1]), int(sys.argv[2])
random = np.random.default_rng(0)
weights = random.standard_normal((size, size))
samples = random.standard_normal((count, size))
best = 1e9
for _ in range(3):
    start = time.perf_counter()
    sparsegpt(weights, samples, 0.5)
    best = min(best, time.perf_counter() - start)
print(best)
`;

/** Seconds, the best of three, with X X^T; null where Python has no NumPy. */
export function numpySparsegpt(size, sampleCount) {
  const python = process.env.PYTHON ?? 'python3';
  const probe = spawnSync(python, ['-c', 'import numpy'], { stdio: 'ignore' });
  if (probe.status !== 0) return null;
  const args = ['-c', PROGRAM, String(size), String(sampleCount)];
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`NumPy ended with ${status}: ${stderr}`);
  return Number(stdout.trim());
}
