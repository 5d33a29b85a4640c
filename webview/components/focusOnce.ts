import { noChange } from 'lit-html';
import { Directive, directive, type ElementPart } from 'lit-html/directive.js';

/** Gives an element the focus when it appears. */
class FocusOnce extends Directive {
  private isDone = false;

  override render(): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart): typeof noChange {
    if (!this.isDone) {
      this.isDone = true;
      // The element is not in the page yet; when the drawing is done, it is.
      queueMicrotask(() => (part.element as HTMLElement).focus());
    }
    return noChange;
  }
}

/** Focuses the element once, when it is first drawn. */
export const focusOnce = directive(FocusOnce);
