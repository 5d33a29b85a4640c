/**
 * Which engine is to run a network. `auto`: our own executor, on the native engine where one is installed
 * and works, and for ONNX files ONNX Runtime where the graph has an operator outside our set. `tfjs`: our own
 * executor on WebAssembly. `tfjs-node`: our own executor on the native engine. `onnxruntime`: ONNX Runtime.
 */
export type EnginePreference = 'auto' | 'tfjs' | 'tfjs-node' | 'onnxruntime';

/** Every preference, as the command line and the setting list them. */
export const ENGINE_PREFERENCES: readonly EnginePreference[] = [
  'auto',
  'tfjs',
  'tfjs-node',
  'onnxruntime',
];

/** A preference, and what is known of the native engine where the choice is made. */
export interface EngineChoice {
  readonly preference: EnginePreference;
  /** Absent: it was not looked for. */
  readonly native?: NativeEngine;
}

/** The native engine as it was found: a folder whose smoke test passed, or the reason why there is none. */
export type NativeEngine =
  | { readonly kind: 'usable'; readonly folder: string }
  | { readonly kind: 'unusable'; readonly reason: string };
