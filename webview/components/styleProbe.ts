/**
 * The toolkit's base asks, while it loads, whether the browser knows `:focus-visible`, by a rule in
 * an empty style element. The content security policy blocks that element: a violation, and the
 * wrong answer, which would draw a focus ring at each click. Until {@link endStyleProbe} it is given
 * an element with a constructed sheet instead. Imported before the toolkit, and only there.
 */
const HTML = 'http://www.w3.org/1999/xhtml';

Object.defineProperty(document, 'createElement', {
  configurable: true,
  value: (name: string, options?: ElementCreationOptions) =>
    name === 'style' ? probeElement() : document.createElementNS(HTML, name, options),
});

function probeElement(): Element {
  return Object.assign(document.createElementNS(HTML, 'meta'), { sheet: new CSSStyleSheet() });
}

/** Gives the document its own `createElement` back. */
export function endStyleProbe(): void {
  Reflect.deleteProperty(document, 'createElement');
}
