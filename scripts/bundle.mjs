// Bundles TypeScript that Node is to run: tests, and the helpers that scripts share with them.
import { createRequire } from 'node:module';
import path from 'node:path';
import esbuild from 'esbuild';
import { root } from './install.mjs';

const require = createRequire(import.meta.url);

/** Single modules of TensorFlow.js (its gradients) are ESM that Node cannot load: they go into the bundle. */
const engineModules = {
  name: 'engine-modules',
  setup(build) {
    build.onResolve({ filter: /^@tensorflow\/tfjs-core\/dist\// }, ({ path: name }) => ({
      path: path.join(root, 'node_modules', `${name}.js`),
    }));
  },
};

/** Bundles TypeScript sources (relative to the project) to the same path below out/, as CommonJS. */
export async function bundle(sources) {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: sources,
    outbase: '.',
    outdir: 'out',
    bundle: true,
    platform: 'node',
    target: 'node20',
    // CommonJS, because packages stay outside and TensorFlow.js' ESM does not load in Node unbundled.
    format: 'cjs',
    packages: 'external',
    plugins: [engineModules],
    sourcemap: 'linked',
    logLevel: 'warning',
  });
}

/** Bundles one source (relative to the project) and loads it. @returns its exports. */
export async function loadTypeScript(source) {
  await bundle([source]);
  return require(bundledPath(source));
}

/** Where {@link bundle} puts a source, absolute. */
export function bundledPath(source) {
  return path.join(root, 'out', source.replace(/\.ts$/, '.js'));
}
