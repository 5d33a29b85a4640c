import { isJsonObject, type JsonObject } from '../../parseJson';

/**
 * The attributes of a node as TensorFlow.js keeps them: `{s}` text in base64, `{i}` a whole number, often as
 * text, `{f}`, `{b}`, `{type}`, `{shape}`, and `{list}` of these.
 * Source: IAttrValue of TensorFlow.js 4.22, tfjs-converter/src/data/compiled_api.ts.
 */
export class NodeAttributes {
  constructor(private readonly json: JsonObject) {}

  int(name: string, otherwise: number): number {
    return wholeNumber(this.field(name, 'i')) ?? otherwise;
  }

  float(name: string, otherwise: number): number {
    const value = this.field(name, 'f');
    const number = typeof value === 'string' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : otherwise;
  }

  bool(name: string): boolean {
    return this.field(name, 'b') === true;
  }

  text(name: string, otherwise: string): string {
    return decodeText(this.field(name, 's')) ?? otherwise;
  }

  /** Null where there is none, or an empty one. */
  ints(name: string): readonly number[] | null {
    const list = this.list(name, 'i');
    const numbers = list.map(wholeNumber).filter((value) => value !== null);
    return numbers.length > 0 && numbers.length === list.length ? numbers : null;
  }

  texts(name: string): readonly string[] {
    return this.list(name, 's')
      .map(decodeText)
      .filter((value) => value !== null);
  }

  type(name: string): unknown {
    return this.field(name, 'type');
  }

  /** The shape in an attribute: -1 where a size is open; null where its rank is not known. */
  shape(name: string): readonly number[] | null {
    const shape = this.field(name, 'shape');
    if (!isJsonObject(shape) || shape['unknownRank'] === true) return null;
    const sizes = shape['dim'] ?? [];
    if (!Array.isArray(sizes)) return null;
    return sizes.map((size: unknown) => {
      const length = isJsonObject(size) ? wholeNumber(size['size']) : null;
      return length === null || length < 0 ? -1 : length;
    });
  }

  private field(name: string, kind: string): unknown {
    const value = Object.hasOwn(this.json, name) ? this.json[name] : undefined;
    return isJsonObject(value) ? value[kind] : undefined;
  }

  private list(name: string, kind: string): readonly unknown[] {
    const list = this.field(name, 'list');
    const values = isJsonObject(list) ? list[kind] : undefined;
    return Array.isArray(values) ? values : [];
  }
}

function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Text in base64, or as a list of its codes; null for anything else. */
function decodeText(value: unknown): string | null {
  if (Array.isArray(value)) {
    return value.every((code) => Number.isInteger(code)) ? value.map(asCharacter).join('') : null;
  }
  if (typeof value !== 'string') return null;
  let [bits, width, text] = [0, 0, ''];
  for (const character of value.replace(/=+$/, '')) {
    const six = BASE64.indexOf(character);
    if (six < 0) return null;
    bits = ((bits << 6) | six) & 0xffff;
    width += 6;
    if (width < 8) continue;
    width -= 8;
    text += asCharacter((bits >> width) & 0xff);
  }
  return text;
}

function asCharacter(code: unknown): string {
  return String.fromCharCode(Number(code));
}
