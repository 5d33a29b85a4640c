import { FormatError, type Place } from '../../errors';
import { inferLayers } from '../../graph/inferLayers';
import type { ByteSource } from '../../io';
import { ALIAS_RATIO_FREE_BYTES, MAX_ALIAS_RATIO } from '../../limits';
import {
  type Container,
  type Model,
  type Notice,
  storedByteLength,
  type TensorEntry,
} from '../../model/model';
import { findTensors } from '../pickle/findTensors';
import { latin1Container, type TextPart } from '../pickle/latin1Container';
import { asPickledArray, type PickledArray } from '../pickle/numpyArray';
import { pickledArrayTensor } from '../pickle/pickledArrayTensor';
import { assertNotDangerous, suspectNotices, suspectsOf } from '../pickle/pickleNotices';
import { plainMetadata } from '../pickle/plainMetadata';
import { type Pickle, readPickle } from '../pickle/readPickle';
import { UniqueNames } from '../pickle/uniqueNames';
import { paddleLayers } from './paddleLayers';

/** The formats that are one pickle of NumPy arrays. */
export type PickleFormat = 'paddle' | 'pickle';

/** Names that Paddle's optimizers give their variables. */
const OPTIMIZER_NAME =
  /_(moment\d*|beta\d_pow_acc|velocity|mean_square|mean_grad|momentum|inf_norm)_\d+$/;

/**
 * One pickle whose value holds NumPy arrays: Paddle's .pdparams and .pdopt, and plain pickled state dicts.
 * Paddle's own calls are recognised by their shape; nothing is ever evaluated.
 * @throws FormatError when the pickle names anything dangerous, or holds no array at all.
 * Source: Paddle, python/paddle/framework/io.py; python/paddle/base/framework.py.
 */
export async function readPickleModel(source: ByteSource, format: PickleFormat): Promise<Model> {
  const pickle = await readPickle(source, 0, { format, place: source.name });
  const suspects = suspectsOf(pickle.trace);
  assertNotDangerous(suspects, { format, place: source.name });
  const list = new ArrayList(source, format);
  list.addAll(pickle);
  if (list.tensors.length === 0) throw noArrays(source, format);
  const trailing = source.byteLength - pickle.endOffset;
  const { tensors, files } = list;
  return {
    format,
    formatLabel: `${format === 'paddle' ? 'PaddlePaddle' : 'pickle'}, protocol ${pickle.trace.protocol}`,
    metadata: plainMetadata(pickle.value),
    files,
    tensors,
    layers: format === 'paddle' ? paddleLayers(tensors) : inferLayers(tensors, { asListed: true }),
    graphMissing: 'a pickle of arrays holds weights; how they are connected is code',
    checksums: [],
    containers: list.containers(pickle),
    notices: [...suspectNotices(suspects), ...list.notices, ...trailingNotices(trailing)],
  };
}

class ArrayList {
  readonly files: ByteSource[];
  readonly tensors: TensorEntry[] = [];
  private readonly texts = new Map<number, TextPart>();
  private readonly names = new UniqueNames();

  constructor(
    private readonly source: ByteSource,
    private readonly format: PickleFormat,
  ) {
    this.files = [source];
  }

  get notices(): readonly Notice[] {
    return this.names.notices;
  }

  addAll(pickle: Pickle): void {
    const isOptimizerFile = this.source.name.toLowerCase().endsWith('.pdopt');
    const found = findTensors(
      pickle.value,
      (call, name) => asPickledArray(call, this.whereOf(name)),
      { format: this.format, place: this.source.name },
    );
    for (const { name, tensor, role } of found) {
      const isOptimizer = isOptimizerFile || OPTIMIZER_NAME.test(name);
      this.add(name, tensor, isOptimizer ? 'optimizer' : role);
    }
    this.assertNoBomb();
  }

  /** Texts of protocols 2 and 3 are rewritten; from protocol 4 on frames would have to be, too. */
  containers({ trace }: Pickle): readonly Container[] {
    const parts = [...this.texts.values()].filter(({ lengthBytes }) => lengthBytes === 4);
    return parts.length === 0 || trace.protocol > 3 ? [] : [latin1Container(0, parts)];
  }

  private add(name: string, array: PickledArray, role: TensorEntry['role']): void {
    const pickle = { fileIndex: 0, byteOffset: 0 };
    const { files, texts } = this;
    const tensor = pickledArrayTensor(array, { pickle, files, texts, where: this.whereOf(name) });
    this.tensors.push({ ...tensor, name: this.names.take(name), role });
  }

  /** One array may be listed under many names, each of which is read. */
  private assertNoBomb(): void {
    const claimed = this.tensors.reduce((sum, tensor) => sum + storedByteLength(tensor), 0);
    const allowed = MAX_ALIAS_RATIO * this.source.byteLength + ALIAS_RATIO_FREE_BYTES;
    if (claimed <= allowed) return;
    throw new FormatError({
      format: this.format,
      place: this.source.name,
      found: `tensors of ${claimed} bytes`,
      allowed: `at most ${allowed} in a file of ${this.source.byteLength}`,
    });
  }

  private whereOf(name: string): Place {
    return { format: this.format, place: `tensor ${JSON.stringify(name)}` };
  }
}

function trailingNotices(byteLength: number): readonly Notice[] {
  const message = `${byteLength} bytes follow the pickle; they are kept as they are`;
  return byteLength === 0 ? [] : [{ code: 'trailing-bytes', message }];
}

function noArrays(source: ByteSource, format: PickleFormat): FormatError {
  return new FormatError({
    format,
    place: source.name,
    found: 'a pickle without any array',
    allowed: 'NumPy arrays in dicts, lists or tuples',
  });
}
