import type { Container, PartContent } from '../../model/model';
import { FileRewriter } from './fileRewriter';
import type { Dataset } from './readDatasets';
import { rewriteChunks } from './rewriteChunks';
import type { Superblock } from './superblock';

/**
 * An HDF5 file as the container of its data sets that are chunked, or compact below a checksum.
 * @param fileIndex of the HDF5 file among the model's files
 * @param parts by the index of the decoded data set among the model's files
 */
export function hdf5Container(
  fileIndex: number,
  superblock: Superblock,
  parts: ReadonlyMap<number, Dataset>,
): Container {
  return {
    fileIndex,
    parts: [...parts.keys()],
    async rewrite(job) {
      const rewriter = new FileRewriter(job, superblock);
      await rewriter.copyOriginal();
      for (const [index, content] of job.changed) {
        const dataset = parts.get(index);
        if (dataset !== undefined) await rewriteDataset(dataset, content, rewriter);
      }
      await rewriter.finish();
    },
  };
}

/** Whether new values of a data set can be written back: what was never written has no place to be. */
export function isRewritable({ storage }: Dataset): boolean {
  if (storage.kind === 'compact') return true;
  if (storage.kind !== 'chunked') return false;
  const { table, fillValue } = storage.store;
  return fillValue === null || table.storedCount === table.chunkCount;
}

async function rewriteDataset(
  { storage }: Dataset,
  content: PartContent,
  rewriter: FileRewriter,
): Promise<void> {
  if (storage.kind === 'chunked') await rewriteChunks(storage.store, content, rewriter);
  if (storage.kind !== 'compact') return;
  let byteOffset = storage.byteOffset;
  for await (const chunk of content.chunks()) {
    // Compact data is at most 64 KiB; the chunk is only valid until the next.
    rewriter.patch(storage.block, { byteOffset, bytes: chunk.slice() });
    byteOffset += chunk.length;
  }
}
