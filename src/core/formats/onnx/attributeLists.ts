import { MAX_RANK } from '../../limits';
import type { OnnxAttribute } from './messages';
import type { MessageCursor } from './protobuf/messageCursor';
import type { WireReader } from './protobuf/wireReader';

/** Shared by all attributes that have none, because there may be a million of them. */
const NO_LIST: readonly never[] = [];

/**
 * The lists of an AttributeProto. Those longer than a shape are no shapes, axes or permutations: they
 * are left in the file.
 */
export class AttributeLists {
  private ints: number[] | null = null;
  private floats: number[] | null = null;
  private texts: string[] | null = null;
  private isCut = false;

  constructor(private readonly reader: WireReader) {}

  /** Takes the field if it is one of a list: floats are field 7, ints 8, strings 9. */
  async take(fields: MessageCursor): Promise<void> {
    if (fields.fieldNumber === 7) await this.takeFloats(fields);
    else if (fields.fieldNumber === 8) await this.takeInts(fields);
    else if (fields.fieldNumber === 9) {
      this.texts ??= [];
      if (this.texts.length < MAX_RANK) this.texts.push(await this.reader.excerpt(fields.range()));
      else this.isCut = true;
    }
  }

  finish(): Pick<OnnxAttribute, 'ints' | 'floats' | 'texts' | 'isCut'> {
    const { ints, floats, texts, isCut } = this;
    if (isCut) return { ints: NO_LIST, floats: NO_LIST, texts: NO_LIST, isCut };
    return { ints: ints ?? NO_LIST, floats: floats ?? NO_LIST, texts: texts ?? NO_LIST, isCut };
  }

  private async takeInts(fields: MessageCursor): Promise<void> {
    this.ints ??= [];
    const { byteLength } = fields.numbers(null);
    if (this.isCut || this.ints.length >= MAX_RANK || byteLength > 10 * MAX_RANK) {
      this.isCut = true;
      return;
    }
    await fields.appendIntegers(this.ints, 11 * MAX_RANK);
    if (this.ints.length > MAX_RANK) this.isCut = true;
  }

  private async takeFloats(fields: MessageCursor): Promise<void> {
    this.floats ??= [];
    const range = fields.numbers(4);
    const count = range.byteLength / 4;
    if (this.isCut || this.floats.length + count > MAX_RANK || !Number.isInteger(count)) {
      this.isCut = true;
      return;
    }
    const bytes = await this.reader.bytes(range);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < count; i++) this.floats.push(view.getFloat32(4 * i, true));
  }
}
