import type { Container } from '../../model/model';
import type { OnnxTensor } from './messages';
import type { ModelTensors } from './modelTensors';
import { rewriteOnnx } from './rewriteOnnx';

/**
 * The main file as a container: numbers written as varints are decoded from it, and it names the files
 * that hold other tensors. One that has neither is edited in place.
 */
export function onnxContainers(tensors: ModelTensors): readonly Container[] {
  const { varintParts, external, files } = tensors;
  if (varintParts.length === 0 && external.length === 0) return [];
  const named = new Set(external.map(({ external: data }) => fileIndexOf(tensors, data?.location)));
  return [
    {
      fileIndex: 0,
      parts: varintParts.map(({ fileIndex }) => fileIndex),
      refersTo: [...named],
      rewrite: (job) => rewriteOnnx(job, { varintParts, references: references(tensors), files }),
    },
  ];
}

/** A tensor's reference to the file that its bytes lie in. */
export interface Reference {
  readonly fileIndex: number;
  readonly data: NonNullable<OnnxTensor['external']>;
}

function references(tensors: ModelTensors): readonly Reference[] {
  return tensors.external.flatMap(({ external: data }) =>
    data === null ? [] : [{ fileIndex: fileIndexOf(tensors, data.location), data }],
  );
}

function fileIndexOf({ externalFiles }: ModelTensors, location: string | undefined): number {
  return externalFiles.get(location ?? '') ?? 0;
}
