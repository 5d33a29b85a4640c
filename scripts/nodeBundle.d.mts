import type { BuildOptions } from 'esbuild';

/** Options of esbuild; paths among them are relative to the project, which is to be `absWorkingDir`. */
export const nodeBundle: BuildOptions;
