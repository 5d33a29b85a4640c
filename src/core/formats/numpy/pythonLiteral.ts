import { FormatError, type Place } from '../../errors';

/** A Python tuple, kept apart from a list. */
export interface PythonTuple {
  readonly items: readonly unknown[];
}

export function isTuple(value: unknown): value is PythonTuple {
  return typeof value === 'object' && value !== null && 'items' in value;
}

/** Nested deeper than any dtype description; the parser recurses. */
const MAX_DEPTH = 32;

/**
 * Parses the literals that NumPy writes into headers: dict, tuple, list, text, whole numbers, True,
 * False, None. Anything else, a call above all, is refused; nothing is evaluated.
 * A dict becomes a Map, a tuple a {@link PythonTuple}.
 * @throws FormatError naming the character.
 */
export function parsePythonLiteral(text: string, where: Place): unknown {
  const parser = new LiteralParser(text, where);
  const value = parser.parseValue(0);
  parser.assertEnd();
  return value;
}

class LiteralParser {
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly where: Place,
  ) {}

  parseValue(depth: number): unknown {
    this.skipSpace();
    if (depth > MAX_DEPTH) throw this.unexpected(`nesting beyond ${MAX_DEPTH} levels`);
    const start = this.text[this.position] ?? '';
    if (start === '{') return this.parseDict(depth);
    if (start === '(') return { items: this.parseItems(')', depth) } satisfies PythonTuple;
    if (start === '[') return this.parseItems(']', depth);
    if (start === "'" || start === '"') return this.parseText(start);
    return this.parseWord();
  }

  assertEnd(): void {
    this.skipSpace();
    if (this.position < this.text.length) throw this.unexpected();
  }

  private parseDict(depth: number): Map<unknown, unknown> {
    const entries = new Map<unknown, unknown>();
    this.position++;
    while (!this.tryTake('}')) {
      const key = this.parseValue(depth + 1);
      this.take(':');
      entries.set(key, this.parseValue(depth + 1));
      if (!this.tryTake(',')) {
        this.take('}');
        break;
      }
    }
    return entries;
  }

  private parseItems(close: string, depth: number): unknown[] {
    const items: unknown[] = [];
    this.position++;
    while (!this.tryTake(close)) {
      items.push(this.parseValue(depth + 1));
      if (!this.tryTake(',')) {
        this.take(close);
        break;
      }
    }
    return items;
  }

  private parseText(quote: string): string {
    let value = '';
    this.position++;
    for (;;) {
      const character = this.text[this.position++];
      if (character === undefined) throw this.unexpected('the end');
      if (character === quote) return value;
      value += character === '\\' ? (this.text[this.position++] ?? '') : character;
    }
  }

  private parseWord(): unknown {
    const word = /^[-+\w.]+/.exec(this.text.slice(this.position, this.position + 64))?.[0] ?? '';
    const value = wordValue(word);
    if (value === undefined) throw this.unexpected();
    this.position += word.length;
    return value;
  }

  private tryTake(character: string): boolean {
    this.skipSpace();
    if (this.text[this.position] !== character) return false;
    this.position++;
    return true;
  }

  private take(character: string): void {
    if (!this.tryTake(character)) throw this.unexpected();
  }

  private skipSpace(): void {
    while (' \t\r\n\f\v'.includes(this.text[this.position] ?? 'x')) this.position++;
  }

  private unexpected(what?: string): FormatError {
    const rest = this.text.slice(this.position, this.position + 24);
    return new FormatError({
      ...this.where,
      found: what ?? (rest === '' ? 'the end' : JSON.stringify(rest)),
      allowed: 'a plain Python literal (dict, tuple, list, text, number, True, False)',
      byteOffset: this.position,
    });
  }
}

function wordValue(word: string): unknown {
  if (word === 'True') return true;
  if (word === 'False') return false;
  if (word === 'None') return null;
  // Python 2 wrote shapes as long integers: 3L.
  return /^[-+]?\d+L?$/.test(word) ? Number(word.replace('L', '')) : undefined;
}
