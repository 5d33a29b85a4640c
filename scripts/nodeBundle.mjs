// How everything that runs in Node is bundled: the extension's processes, and those that tests start.

/** @type {import('./nodeBundle.d.mts').nodeBundle} */
export const nodeBundle = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // The ESM build of TensorFlow.js: from the CommonJS one esbuild drops backends as free of side effects.
  mainFields: ['module', 'main'],
  // Its ES module asks for its own address, which a CommonJS bundle does not have.
  alias: { 'onnxruntime-web': './node_modules/onnxruntime-web/dist/ort.node.min.js' },
  logLevel: 'warning',
};
