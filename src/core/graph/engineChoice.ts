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

/** What the user asks for, and where the native engine may be installed. */
export interface EngineWish {
  readonly preference: EnginePreference;
  /** Folders with `node_modules/@tensorflow/tfjs-node`, absolute; the first that has it counts. */
  readonly nativeFolders: readonly string[];
}

/** A preference, and what was found of the native engine. */
export interface EngineChoice {
  readonly preference: EnginePreference;
  readonly native: NativeEngine;
}

/** The native engine: a folder where it works, or why it does not; `absent` where none is installed. */
export type NativeEngine =
  | { readonly kind: 'usable'; readonly folder: string }
  | { readonly kind: 'broken'; readonly folder: string; readonly reason: string }
  | { readonly kind: 'absent' };

/** The first engine that can run the model, without the native one. */
export const DEFAULT_ENGINE: EngineChoice = { preference: 'auto', native: { kind: 'absent' } };
