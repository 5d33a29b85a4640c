import type { Banner } from '../../protocol/hostWebview';

/** What a panel has to say above everything; one at a time, the newest on top of the older ones. */
export class Banners {
  #stack: readonly Banner[] = [];
  readonly #show: (banner: Banner | null) => void;

  constructor(show: (banner: Banner | null) => void) {
    this.#show = show;
  }

  /** Puts a banner on top, in the place of an older one of its kind. */
  raise(banner: Banner): void {
    this.#stack = [...this.#without(banner.kind), banner];
    this.#showTop();
  }

  /** Takes a kind of banner away, because it is no longer true. */
  lower(kind: Banner['kind']): void {
    if (this.#stack.every((banner) => banner.kind !== kind)) return;
    this.#stack = this.#without(kind);
    this.#showTop();
  }

  /** Takes the one on top away; what is below it is to be read next. */
  dismiss(): void {
    this.#stack = this.#stack.slice(0, -1);
    this.#showTop();
  }

  #without(kind: Banner['kind']): readonly Banner[] {
    return this.#stack.filter((banner) => banner.kind !== kind);
  }

  #showTop(): void {
    this.#show(this.#stack.at(-1) ?? null);
  }
}
