import { noChange } from 'lit-html';
import {
  Directive,
  directive,
  PartType,
  type ElementPart,
  type PartInfo,
} from 'lit-html/directive.js';

type Properties = Readonly<Record<string, string | null>>;

/** Sets CSS properties through the CSSOM: a style attribute would need `unsafe-inline`. */
class CssProperties extends Directive {
  private style: CSSStyleDeclaration | null = null;

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('cssProperties stands in an element tag');
  }

  override render(properties: Properties): typeof noChange {
    for (const [name, value] of Object.entries(properties)) {
      if (value === null) this.style?.removeProperty(name);
      else this.style?.setProperty(name, value);
    }
    return noChange;
  }

  override update(part: ElementPart, [properties]: [Properties]): typeof noChange {
    this.style = (part.element as HTMLElement | SVGElement).style;
    return this.render(properties);
  }
}

/** Sets the named CSS properties of the element; null removes one. */
export const cssProperties = directive(CssProperties);
