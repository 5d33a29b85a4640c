import type { TensorEntry } from '../../model/model';
import { malformed } from './configFields';

/** A size the layer's configuration states; null where it says nothing of it. */
export type ExpectedShape = readonly (number | null)[];

/** The tensors of a file by the names that writers give a layer's variables. */
export class WeightIndex {
  private readonly byName = new Map<string, TensorEntry>();
  /** By the last two parts of the name: `kernel` of `model/fc1/kernel` is listed under `fc1/kernel`. */
  private readonly byEnding = new Map<string, TensorEntry[]>();
  private readonly byLayer = new Map<string, TensorEntry[]>();

  constructor(tensors: readonly TensorEntry[]) {
    for (const tensor of tensors) {
      if (tensor.role !== 'parameter') continue;
      const parts = plainName(tensor.name).split('/');
      this.byName.set(parts.join('/'), tensor);
      const ending = parts.slice(-2).join('/');
      this.byEnding.set(ending, [...(this.byEnding.get(ending) ?? []), tensor]);
      for (const part of new Set(parts.slice(0, -1))) {
        this.byLayer.set(part, [...(this.byLayer.get(part) ?? []), tensor]);
      }
    }
  }

  /**
   * The variable of a layer. Keras 3 writes the model's name before the layer's, TensorFlow.js does not.
   * @param scopes names of the models around the layer, outermost first
   */
  find(scopes: readonly string[], layer: string, variable: string): TensorEntry | null {
    for (let from = 0; from <= scopes.length; from++) {
      const tensor = this.byName.get([...scopes.slice(from), layer, variable].join('/'));
      if (tensor !== undefined) return tensor;
    }
    const candidates = this.byEnding.get(`${layer}/${variable}`) ?? [];
    return candidates.length === 1 ? (candidates[0] ?? null) : null;
  }

  /**
   * Every tensor below the layer, in the file's order.
   * @param scopes names of the models around the layer, outermost first
   */
  all(scopes: readonly string[], layer: string): readonly TensorEntry[] {
    const candidates = this.byLayer.get(layer) ?? [];
    for (let from = 0; from <= scopes.length; from++) {
      const prefix = `${[...scopes.slice(from), layer].join('/')}/`;
      const own = candidates.filter(({ name }) => name.startsWith(prefix));
      if (own.length > 0) return own;
    }
    return candidates;
  }
}

/** TensorFlow 1 appends the output's number, TensorFlow.js a counter when a name comes again. */
function plainName(name: string): string {
  return name.replace(/:\d+$/, '');
}

/** The variables of one layer, each checked against what the configuration says of its shape. */
export class LayerWeights {
  private readonly used: TensorEntry[] = [];

  constructor(
    private readonly index: WeightIndex,
    private readonly scopes: readonly string[],
    private readonly layer: string,
  ) {}

  /** The tensors asked for so far, in that order. */
  get found(): readonly TensorEntry[] {
    return this.used;
  }

  /** Every tensor that the file has for the layer, for layers whose variables are not known. */
  takeAll(): readonly TensorEntry[] {
    this.used.push(...this.index.all(this.scopes, this.layer));
    return this.used;
  }

  has(variable: string): boolean {
    return this.index.find(this.scopes, this.layer, variable) !== null;
  }

  /**
   * The variable's tensor.
   * @throws FormatError when the file has none, or its shape is another than the configuration says.
   */
  require(variable: string, shape: ExpectedShape, because: string): TensorEntry {
    const tensor = this.index.find(this.scopes, this.layer, variable);
    if (tensor === null) {
      throw malformed(
        `layer ${this.layer}`,
        `no tensor ${this.layer}/${variable}`,
        `one of shape ${describeShape(shape)}, as ${because} says`,
      );
    }
    if (!agrees(tensor.shape, shape)) {
      throw malformed(
        `layer ${this.layer}: tensor ${tensor.name}`,
        `shape ${describeShape(tensor.shape)}`,
        `${describeShape(shape)}, as ${because} says`,
      );
    }
    if (!this.used.includes(tensor)) this.used.push(tensor);
    return tensor;
  }
}

function agrees(found: readonly number[], expected: ExpectedShape): boolean {
  return (
    found.length === expected.length &&
    expected.every((size, axis) => size === null || size === found[axis])
  );
}

function describeShape(shape: ExpectedShape): string {
  return `[${shape.map((size) => (size === null ? 'any' : String(size))).join(', ')}]`;
}
