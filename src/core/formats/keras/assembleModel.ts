import type { Model } from '../../model/model';
import type { Structure } from './kerasStructure';
import type { WeightFiles } from './weightFiles';

type Weights = Pick<Model, 'files' | 'tensors' | 'checksums' | 'notices' | 'containers'>;

/** The parts of a model that its files alone give. */
export function weightsOf({
  files,
  tensors,
  checksums,
  notices,
  containers,
}: WeightFiles): Weights {
  return { files, tensors, checksums, notices, containers };
}

/** A model from its files and what its configuration says. */
export function assembleModel(
  format: string,
  weights: Weights,
  structure: Structure,
  said: Pick<Model, 'formatLabel' | 'metadata'>,
): Model {
  const { files, tensors, checksums, containers = [] } = weights;
  const { notices, ...rest } = structure;
  return {
    format,
    ...said,
    files,
    tensors,
    ...rest,
    checksums,
    ...(containers.length === 0 ? {} : { containers }),
    notices: [...weights.notices, ...notices],
  };
}
