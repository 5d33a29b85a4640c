import { noChange } from 'lit-html';
import { AsyncDirective } from 'lit-html/async-directive.js';
import { directive, type ElementPart } from 'lit-html/directive.js';

type OnSize = (width: number, height: number) => void;

/** Watches the content box of an element for as long as it is in the page. */
class ObserveSize extends AsyncDirective {
  private onSize: OnSize | null = null;
  private element: Element | null = null;
  private readonly observer = new ResizeObserver((entries) => {
    const box = entries.at(-1)?.contentRect;
    if (box !== undefined) this.onSize?.(box.width, box.height);
  });

  override render(onSize: OnSize): typeof noChange {
    this.onSize = onSize;
    return noChange;
  }

  override update(part: ElementPart, [onSize]: [OnSize]): typeof noChange {
    if (this.element === null) {
      this.element = part.element;
      this.observer.observe(part.element);
    }
    return this.render(onSize);
  }

  protected override disconnected(): void {
    this.observer.disconnect();
  }

  protected override reconnected(): void {
    if (this.element !== null) this.observer.observe(this.element);
  }
}

/** Calls back with the element's inner width and height, at first and whenever they change. */
export const observeSize = directive(ObserveSize);
