// torch.nn.utils.prune.global_unstructured on the same file, file to file, in one fresh process.
import { spawnSync } from 'node:child_process';

const PROGRAM = `
import sys, time
import torch
from safetensors.torch import load_file, save_file
from torch.nn.utils import prune
start = time.perf_counter()
tensors = load_file(sys.argv[1])
modules = {}
for name, tensor in tensors.items():
    module = torch.nn.Module()
    module.register_parameter('weight', torch.nn.Parameter(tensor, requires_grad=False))
    modules[name] = module
chosen = [(module, 'weight') for module in modules.values()]
prune.global_unstructured(chosen, pruning_method=prune.L1Unstructured, amount=0.8)
for module, name in chosen:
    prune.remove(module, name)
save_file({name: module.weight.detach().contiguous() for name, module in modules.items()}, sys.argv[2])
print(time.perf_counter() - start)
`;

/** Seconds without the imports; null where python3, torch or safetensors is missing. */
export function torchPrune(model, output) {
  const python = process.env.PYTHON ?? 'python3';
  const probe = spawnSync(python, ['-c', 'import torch, safetensors.torch'], { stdio: 'ignore' });
  if (probe.status !== 0) return null;
  const { status, stdout, stderr } = spawnSync(python, ['-c', PROGRAM, model, output], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`torch ended with ${status}: ${stderr}`);
  return Number(stdout.trim());
}
