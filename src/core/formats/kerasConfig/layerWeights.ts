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

/** What a step between the layer's name and the variable's must be called. */
export type PartName = RegExp | string;

/** Whose variables they are. */
export interface WeightsOwner {
  /** Names of the models around the layer, outermost first. */
  readonly scopes: readonly string[];
  readonly layer: string;
}

/** The variables of one layer, each checked against what the configuration says of its shape. */
export class LayerWeights {
  private own: readonly TensorEntry[] | null = null;

  /**
   * @param parts what must stand between the layer's name and the variable's, outermost first
   * @param used the tensors asked for so far, shared by all parts of a layer
   */
  constructor(
    private readonly index: WeightIndex,
    private readonly owner: WeightsOwner,
    private readonly parts: readonly PartName[] = [],
    private readonly used: TensorEntry[] = [],
  ) {}

  /** The tensors asked for so far, in that order. */
  get found(): readonly TensorEntry[] {
    return this.used;
  }

  /** The variables of a part of the layer, such as the layer that it wraps. */
  part(name: PartName): LayerWeights {
    return new LayerWeights(this.index, this.owner, [...this.parts, name], this.used);
  }

  /** Every tensor that the file has for the layer, after those that were asked for. */
  takeAll(): void {
    const known = new Set(this.used);
    this.used.push(...this.ownTensors().filter((tensor) => !known.has(tensor)));
  }

  has(variable: string): boolean {
    return this.find(variable) !== null;
  }

  /**
   * The variable's tensor.
   * @throws FormatError when the file has none, or its shape is another than the configuration says.
   */
  require(variable: string, shape: ExpectedShape, because: string): TensorEntry {
    const tensor = this.requireAny(variable);
    this.assertShape(tensor, shape, because);
    return tensor;
  }

  /**
   * The layer's only tensor, whatever it is called: Keras numbers variables without a name over the whole model.
   * @throws FormatError when the file has none or several, or its shape is another than the configuration says.
   */
  requireOnly(shape: ExpectedShape, because: string): TensorEntry {
    const [tensor, ...more] = this.ownTensors();
    if (tensor === undefined || more.length > 0) {
      const found = `${more.length + (tensor === undefined ? 0 : 1)} tensors`;
      throw malformed(`layer ${this.owner.layer}`, found, 'one, as its class says');
    }
    this.assertShape(tensor, shape, because);
    if (!this.used.includes(tensor)) this.used.push(tensor);
    return tensor;
  }

  private assertShape(tensor: TensorEntry, shape: ExpectedShape, because: string): void {
    if (agrees(tensor.shape, shape)) return;
    throw malformed(
      `layer ${this.owner.layer}: tensor ${tensor.name}`,
      `shape ${describeShape(tensor.shape)}`,
      `${describeShape(shape)}, as ${because} says`,
    );
  }

  /**
   * The variable's tensor, of whatever shape.
   * @throws FormatError when the file has none.
   */
  requireAny(variable: string): TensorEntry {
    const tensor = this.find(variable);
    if (tensor === null) {
      const wanted = [this.owner.layer, ...this.parts.map(describePart), variable].join('/');
      throw malformed(`layer ${this.owner.layer}`, `no tensor ${wanted}`, 'one, as its class says');
    }
    if (!this.used.includes(tensor)) this.used.push(tensor);
    return tensor;
  }

  /** The parts directly below the layer or part that hold a variable, in the file's order. */
  partsHolding(variable: string): readonly string[] {
    const holding = this.ownTensors().filter(({ name }) => variableOf(name) === variable);
    return [...new Set(holding.map(({ name }) => this.inside(name).join('/')))];
  }

  private find(variable: string): TensorEntry | null {
    if (this.parts.length === 0) {
      const direct = this.index.find(this.owner.scopes, this.owner.layer, variable);
      if (direct !== null) return direct;
    }
    const candidates = this.ownTensors().filter(({ name }) => variableOf(name) === variable);
    const depths = candidates.map(({ name }) => this.inside(name).length);
    return candidates[depths.indexOf(Math.min(...depths))] ?? null;
  }

  private ownTensors(): readonly TensorEntry[] {
    this.own ??= this.index
      .all(this.owner.scopes, this.owner.layer)
      .filter(({ name }) => isWithin(this.inside(name), this.parts));
    return this.own;
  }

  /** What stands between the layer's name and the variable's. */
  private inside(name: string): readonly string[] {
    const path = name.split('/').slice(0, -1);
    return path.slice(path.lastIndexOf(this.owner.layer) + 1);
  }
}

/** Whether the path goes through all parts in their order. */
function isWithin(path: readonly string[], parts: readonly PartName[]): boolean {
  let from = 0;
  return parts.every((part) => {
    const fits = (step: string): boolean =>
      typeof part === 'string' ? part === step : part.test(step);
    const at = path.findIndex((step, i) => i >= from && fits(step));
    from = at + 1;
    return at >= 0;
  });
}

function describePart(part: PartName): string {
  return typeof part === 'string' ? part : part.source;
}

function variableOf(name: string): string {
  return plainName(name.slice(name.lastIndexOf('/') + 1));
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
