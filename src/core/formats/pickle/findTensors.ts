import { FormatError, type Place } from '../../errors';
import { MAX_PICKLE_DEPTH, MAX_PICKLE_TENSORS, MAX_PICKLE_VISITS } from '../../limits';
import { childrenOf } from './pickleChildren';
import { entryOf, type PickleCall, type PickleValue } from './pickleValue';

/** A tensor found in a pickle's value, by its path: keys and indices joined by dots. */
export interface FoundTensor<T> {
  readonly name: string;
  readonly tensor: T;
  /** Optimizer state by its place in the file. */
  readonly role: 'parameter' | 'optimizer';
}

/** Tells the tensor that a call builds; null for other calls, whose content is looked through. */
export type RecogniseTensor<T> = (call: PickleCall, name: string) => T | null;

type Container = Exclude<PickleValue, null | boolean | number | bigint>;

interface Frame {
  readonly node: Container;
  readonly path: string;
  readonly role: 'parameter' | 'optimizer';
  readonly children: Iterator<readonly [string | null, PickleValue]>;
  /** How many tensors there were before it. */
  readonly before: number;
}

/**
 * The tensors of a pickle in the order in which they stand. What is shared is listed under each name;
 * containers without tensors are looked through once, those that hold themselves end there.
 * @throws FormatError above the caps on depth, tensors and visits.
 */
export function findTensors<T>(
  root: PickleValue,
  recognise: RecogniseTensor<T>,
  where: Place,
): readonly FoundTensor<T>[] {
  return new TensorSearch(recognise, where).search(root);
}

interface Whereabouts {
  readonly key: string | null;
  readonly path: string;
  readonly role: Frame['role'];
}

class TensorSearch<T> {
  private readonly found: FoundTensor<T>[] = [];
  private readonly stack: Frame[] = [];
  private readonly onPath = new Set<Container>();
  private readonly empty = new Set<Container>();
  private visits = 0;

  constructor(
    private readonly recognise: RecogniseTensor<T>,
    private readonly where: Place,
  ) {}

  search(root: PickleValue): readonly FoundTensor<T>[] {
    if (isContainer(root)) this.visit(root, { key: null, path: '', role: 'parameter' });
    for (let frame = this.stack.at(-1); frame !== undefined; frame = this.stack.at(-1)) {
      const next = frame.children.next();
      if (next.done === true) this.leave(frame);
      else {
        const [key, value] = next.value;
        if (isContainer(value)) this.visitChild(frame, key, value);
      }
    }
    return this.found;
  }

  private visitChild(frame: Frame, key: string | null, value: Container): void {
    if (this.empty.has(value) || this.onPath.has(value)) return;
    const path = key === null ? frame.path : frame.path === '' ? key : `${frame.path}.${key}`;
    this.visit(value, { key, path, role: frame.role });
  }

  private visit(value: Container, { key, path, role }: Whereabouts): void {
    if (++this.visits > MAX_PICKLE_VISITS) throw this.tooMany('containers', MAX_PICKLE_VISITS);
    const tensor = value.kind === 'call' ? this.recognise(value, path) : null;
    if (tensor !== null) {
      // The tensor's own key says nothing of its role: only what it lies in does.
      this.found.push({ name: path, tensor, role });
      if (this.found.length > MAX_PICKLE_TENSORS) throw this.tooMany('tensors', MAX_PICKLE_TENSORS);
      return;
    }
    if (this.stack.length >= MAX_PICKLE_DEPTH) throw this.tooMany('levels', MAX_PICKLE_DEPTH);
    this.onPath.add(value);
    this.stack.push({
      node: value,
      path,
      role: isOptimizerKey(key) || isOptimizerState(value) ? 'optimizer' : role,
      children: childrenOf(value),
      before: this.found.length,
    });
  }

  private leave(frame: Frame): void {
    this.stack.pop();
    this.onPath.delete(frame.node);
    if (this.found.length === frame.before) this.empty.add(frame.node);
  }

  private tooMany(what: string, cap: number): FormatError {
    return new FormatError({ ...this.where, found: `more ${what}`, allowed: `at most ${cap}` });
  }
}

function isContainer(value: PickleValue): value is Container {
  return (
    typeof value === 'object' &&
    value !== null &&
    value.kind !== 'text' &&
    value.kind !== 'bytes' &&
    value.kind !== 'global'
  );
}

/** What torch.optim.Optimizer.state_dict() gives. */
function isOptimizerState(value: Container): boolean {
  return entryOf(value, 'param_groups') !== undefined && entryOf(value, 'state') !== undefined;
}

/** `optimizer`, `optimizer_state_dict`, `optim_states`, `optimizer_states`, `opt_state`. */
function isOptimizerKey(key: string | null): boolean {
  return (
    key !== null &&
    /^(optimi[sz]er|optim|opt)s?(_|$)|_optimi[sz]ers?(_states?)?(_dict)?$/i.test(key)
  );
}
