import type { UnsupportedError } from '../../errors';
import type { ValueFacts } from '../shapes/valueFacts';
import type { LoweredValue } from './loweredValue';
import type { LoweringAssembler } from './loweringAssembler';

/** What a node of any format can ask of its values while it is lowered. */
export abstract class LoweringNode {
  constructor(readonly assembler: LoweringAssembler) {}

  /** The error that makes the node opaque, with its operator named. */
  abstract unsupported(found: string, supported: string): UnsupportedError;

  /** @throws UnsupportedError where shape and type are not known, as behind an unknown operator. */
  facts(value: LoweredValue): ValueFacts {
    const facts = this.assembler.facts(value);
    if (facts !== null) return facts;
    throw this.unsupported('an input of unknown shape', 'inputs of operators that are known');
  }

  /** Sizes are -1 where they are open. */
  shape(value: LoweredValue): readonly number[] {
    return this.facts(value).shape;
  }

  /** An axis counted from the front. @throws UnsupportedError where there is none. */
  axis(axis: number, rank: number): number {
    const resolved = axis < 0 ? axis + rank : axis;
    if (resolved >= 0 && resolved < rank) return resolved;
    throw this.unsupported(`axis ${axis} of ${rank}`, `axes from -${rank} to ${rank - 1}`);
  }
}
