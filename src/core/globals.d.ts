// What every JavaScript host has (Node, browsers, workers) but the ES library does not declare.
// Declared here, not taken from the DOM or Node typings, so that the core stays free of both.
declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
