import { FormatError } from '../../errors';
import { describeJson, isJsonObject, type JsonObject } from '../parseJson';
import { MAX_RANK } from './limits';

const FORMAT = 'Keras topology';

/** The error for a field that does not keep the rules; `place` names layer and field. */
export function malformed(place: string, found: string, allowed: string): FormatError {
  return new FormatError({ format: FORMAT, place, found, allowed });
}

/**
 * A JSON object of the topology, read field by field with its place in every message.
 * Absent and null count the same, as in Keras.
 */
export class ConfigFields {
  constructor(
    private readonly json: JsonObject,
    readonly place: string,
  ) {}

  static of(value: unknown, place: string): ConfigFields {
    if (!isJsonObject(value)) throw malformed(place, describeJson(value), 'an object');
    return new ConfigFields(value, place);
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  /** Whether the field is there, but null. */
  isNull(name: string): boolean {
    return Object.hasOwn(this.json, name) && this.json[name] === null;
  }

  /** The value as it stands; undefined for null and for names that only the prototype has. */
  raw(name: string): unknown {
    return Object.hasOwn(this.json, name) ? (this.json[name] ?? undefined) : undefined;
  }

  object(name: string): ConfigFields {
    return ConfigFields.of(this.raw(name), `${this.place}: ${name}`);
  }

  list(name: string): readonly unknown[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) throw this.bad(name, 'a list');
    return value as readonly unknown[];
  }

  string(name: string, fallback?: string): string {
    const value = this.raw(name) ?? fallback;
    if (typeof value !== 'string') throw this.bad(name, 'text');
    return value;
  }

  /** One of a closed set of words. */
  word<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.raw(name) ?? fallback;
    const word = allowed.find((known) => known === value);
    if (word === undefined) throw this.bad(name, allowed.join(', '));
    return word;
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.raw(name) ?? fallback;
    if (typeof value !== 'boolean') throw this.bad(name, 'true or false');
    return value;
  }

  number(name: string, fallback: number): number {
    const value = this.raw(name) ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw this.bad(name, 'a finite number');
    }
    return value;
  }

  integer(name: string, fallback: number): number {
    const value = this.number(name, fallback);
    if (!Number.isSafeInteger(value)) throw this.bad(name, 'a whole number');
    return value;
  }

  /** A whole number from `minimum`; there is no default for sizes. */
  count(name: string, minimum = 1): number {
    return this.countAt(this.raw(name), name, minimum);
  }

  /** A size for each of `rank` axes: one whole number from `minimum` for all, or a list of them. */
  sizes(
    name: string,
    rank: number,
    { fallback, minimum = 1 }: { readonly fallback?: number; readonly minimum?: number } = {},
  ): readonly number[] {
    const value = this.raw(name) ?? fallback;
    const list: readonly unknown[] = Array.isArray(value) ? value : new Array(rank).fill(value);
    if (list.length !== rank) throw this.bad(name, `one whole number or ${rank}`);
    return list.map((size) => this.countAt(size, name, minimum));
  }

  /** One axis or a list of them, as a list. */
  axes(name: string, fallback: number): readonly number[] {
    const value = this.raw(name) ?? fallback;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.length <= MAX_RANK && list.every((axis) => Number.isSafeInteger(axis))) {
      return list as readonly number[];
    }
    throw this.bad(name, 'one whole number or a list of them');
  }

  bad(name: string, allowed: string): FormatError {
    return malformed(`${this.place}: ${name}`, describeJson(this.raw(name)), allowed);
  }

  private countAt(value: unknown, name: string, minimum: number): number {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum) {
      throw this.bad(name, `whole numbers from ${minimum}`);
    }
    return value;
  }
}
