import type { LoweredValue } from '../../../graph/lowering/loweredValue';

/** The values that a graph knows by name, with those of the graphs around it. */
export class ValueScope {
  private readonly values = new Map<string, LoweredValue>();

  constructor(private readonly outer: ValueScope | null) {}

  set(name: string, value: LoweredValue): void {
    if (name !== '') this.values.set(name, value);
  }

  /** Undefined where nothing makes it. */
  find(name: string): LoweredValue | undefined {
    if (name === '') return undefined;
    return this.values.get(name) ?? this.outer?.find(name);
  }
}
