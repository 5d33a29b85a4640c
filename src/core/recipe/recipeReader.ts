import { UsageError } from '../errors';
import { describeJson, isJsonObject, type JsonObject } from '../formats/parseJson';

export interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
}

/** Reads the fields of one JSON object with messages that name the place. */
export class RecipeReader {
  private constructor(
    private readonly fields: JsonObject,
    /** Where the object stands, e.g. `lenet5.prune.json: data`. */
    readonly place: string,
  ) {}

  /** @throws UsageError when the value is no JSON object. */
  static of(value: unknown, place: string): RecipeReader {
    if (!isJsonObject(value)) {
      throw new UsageError(`${place}: found ${describeJson(value)}; allowed: a JSON object`);
    }
    return new RecipeReader(value, place);
  }

  assertOnly(known: readonly string[]): void {
    const unknown = Object.keys(this.fields).find((field) => !known.includes(field));
    if (unknown !== undefined) {
      throw new UsageError(
        `${this.place}: found the field ${describeJson(unknown)}; allowed: ${known.join(', ')}`,
      );
    }
  }

  has(field: string): boolean {
    return this.fields[field] !== undefined;
  }

  isNull(field: string): boolean {
    return this.fields[field] === null;
  }

  text(field: string): string | undefined {
    return this.read(field, 'text', (value) => typeof value === 'string') as string | undefined;
  }

  number(field: string, bounds: NumberBounds = {}): number | undefined {
    const { min = -Infinity, max = Infinity } = bounds;
    const allowed = `a number${Number.isFinite(min) ? ` from ${min}` : ''}${Number.isFinite(max) ? ` to ${max}` : ''}`;
    return this.read(
      field,
      allowed,
      (value) => isFiniteNumber(value) && value >= min && value <= max,
    ) as number | undefined;
  }

  wholeNumber(field: string, bounds: NumberBounds = {}): number | undefined {
    const value = this.number(field, bounds);
    if (value !== undefined && !Number.isSafeInteger(value))
      throw this.wrong(field, 'a whole number');
    return value;
  }

  flag(field: string): boolean | undefined {
    return this.read(field, 'true or false', (value) => typeof value === 'boolean') as
      boolean | undefined;
  }

  oneOf<T extends string>(field: string, allowed: readonly T[]): T | undefined {
    return this.read(field, allowed.map((one) => JSON.stringify(one)).join(', '), (value) =>
      allowed.includes(value as T),
    ) as T | undefined;
  }

  /** A list of texts; one text stands for a list of one. */
  texts(field: string): readonly string[] | undefined {
    const value = this.fields[field];
    if (typeof value === 'string') return [value];
    return this.read(field, 'a list of texts', (list) => isListOf(list, 'string')) as
      readonly string[] | undefined;
  }

  numbers(field: string): readonly number[] | undefined {
    const value = this.fields[field];
    if (typeof value === 'number') return [value];
    return this.read(field, 'a list of numbers', (list) => isListOf(list, 'number')) as
      readonly number[] | undefined;
  }

  /** Any value, for fields that are written in several ways. */
  raw(field: string): unknown {
    return this.fields[field];
  }

  nested<T>(field: string, parse: (reader: RecipeReader) => T): T | undefined {
    const value = this.fields[field];
    return value === undefined
      ? undefined
      : parse(RecipeReader.of(value, `${this.place}: ${field}`));
  }

  /** The entries of an object whose keys are free, each read as an object. */
  entries<T>(field: string, parse: (reader: RecipeReader) => T): readonly (readonly [string, T])[] {
    const value = this.fields[field];
    if (value === undefined) return [];
    if (!isJsonObject(value)) throw this.wrong(field, 'a JSON object');
    return Object.entries(value).map(([key, entry]) => {
      const place = `${this.place}: ${field}[${describeJson(key)}]`;
      return [key, parse(RecipeReader.of(entry, place))] as const;
    });
  }

  list<T>(field: string, parse: (reader: RecipeReader) => T): readonly T[] | undefined {
    const value = this.fields[field];
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.wrong(field, 'a list');
    return value.map((entry: unknown, i) =>
      parse(RecipeReader.of(entry, `${this.place}: ${field}[${i}]`)),
    );
  }

  wrong(field: string, allowed: string): UsageError {
    const found = describeJson(this.fields[field]);
    return new UsageError(`${this.place}: ${field}: found ${found}; allowed: ${allowed}`);
  }

  private read(field: string, allowed: string, accepts: (value: unknown) => boolean): unknown {
    const value = this.fields[field];
    if (value !== undefined && !accepts(value)) throw this.wrong(field, allowed);
    return value;
  }
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isListOf(value: unknown, type: 'string' | 'number'): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === type);
}
