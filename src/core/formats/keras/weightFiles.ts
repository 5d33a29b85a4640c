import type { ByteSource, Compression } from '../../io';
import type { ChecksummedRange, Container, Notice, TensorEntry } from '../../model/model';
import { hdf5Container, isRewritable } from '../hdf5/hdf5Container';
import { malformed } from '../hdf5/hdf5Error';
import type { Dataset } from '../hdf5/readDatasets';
import { datasetTensor, type Hdf5File } from '../hdf5/readHdf5';

/** Where the bytes of an HDF5 file lie among the files of the model. */
export interface Home {
  /** Index into {@link WeightFiles.files}. */
  readonly fileIndex: number;
  /** Of the HDF5 file's first byte in that file. */
  readonly byteOffset: number;
}

/** Gathers the files, tensors and containers of a model whose weights are HDF5 files. */
export class WeightFiles {
  readonly tensors: TensorEntry[] = [];
  readonly containers: Container[] = [];
  readonly checksums: ChecksummedRange[] = [];
  readonly notices: Notice[] = [];
  private readonly names = new Set<string>();

  constructor(
    readonly files: ByteSource[],
    readonly compression: Compression,
  ) {}

  /**
   * Adds the data sets of an HDF5 file as tensors of their paths. Data sets in encoded form become files of
   * their own, for which the HDF5 file is the container.
   * @throws FormatError when two files hold a tensor of the same name.
   */
  add(hdf5: Hdf5File, home: Home, roleOf: (path: string) => TensorEntry['role']): void {
    const parts = new Map<number, Dataset>();
    for (const dataset of hdf5.datasets) {
      const name = dataset.path;
      if (this.names.has(name)) {
        const found = `the data set ${JSON.stringify(name)} in two files`;
        throw malformed({ place: hdf5.source.name, found, allowed: 'each in one' });
      }
      this.names.add(name);
      const spans = this.spansOf(dataset, home, parts);
      this.tensors.push(datasetTensor(dataset, { name, role: roleOf(name), spans }));
    }
    if (parts.size > 0) {
      this.containers.push(hdf5Container(home.fileIndex, hdf5.superblock, parts));
    }
    this.notices.push(...hdf5.links.map(skippedLink), ...hdf5.emptyPaths.map(skippedEmpty));
  }

  private spansOf(dataset: Dataset, home: Home, parts: Map<number, Dataset>): TensorEntry['spans'] {
    const { storage } = dataset;
    const byteLength = dataset.elementCount * dataset.datatype.byteLength;
    if (byteLength === 0) return [];
    if (storage.kind === 'plain') {
      const byteOffset = home.byteOffset + storage.byteOffset;
      return [{ fileIndex: home.fileIndex, byteOffset, byteLength }];
    }
    const fileIndex = this.files.push(storage.source) - 1;
    if (isRewritable(dataset)) parts.set(fileIndex, dataset);
    return [{ fileIndex, byteOffset: 0, byteLength }];
  }
}

/** Whether an HDF5 file has to be written anew to change some of its tensors. */
export function needsContainer({ datasets }: Hdf5File): boolean {
  return datasets.some((dataset) => dataset.elementCount > 0 && isRewritable(dataset));
}

function skippedLink({ path, kind, target }: Hdf5File['links'][number]): Notice {
  const message = `${JSON.stringify(path)} is ${kind === 'external' ? 'an external' : `a ${kind}`} link (${target}); it is not followed`;
  return { code: 'skipped-member', message };
}

function skippedEmpty(path: string): Notice {
  return { code: 'skipped-member', message: `${JSON.stringify(path)} has no elements at all` };
}
