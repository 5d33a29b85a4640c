import type { Notice } from '../../model/model';

/** Gives each tensor a name of its own: a nested dict may spell a path that another one has. */
export class UniqueNames {
  readonly notices: Notice[] = [];
  private readonly taken = new Set<string>();
  /** How often each name was asked for, so that many equal ones cost no search. */
  private readonly counts = new Map<string, number>();

  take(name: string): string {
    let unique = name;
    while (this.taken.has(unique)) {
      const count = (this.counts.get(name) ?? 1) + 1;
      this.counts.set(name, count);
      unique = `${name} (${count})`;
    }
    this.taken.add(unique);
    if (unique !== name) {
      const message = `two tensors are named ${JSON.stringify(name)}; one is shown as ${JSON.stringify(unique)}`;
      this.notices.push({ code: 'duplicate-name', message });
    }
    return unique;
  }
}
