import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Imports point towards core and protocol only. */
const layer = (files, forbidden, message) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ group: forbidden, message }] }],
  },
});

export default tseslint.config(
  {
    ignores: ['dist/', 'out/', 'node_modules/', 'test/fixtures/', 'test/vscode-host/', '**/*.d.ts'],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/unified-signatures': 'off',
      'max-params': ['error', 4],
      eqeqeq: 'error',
    },
  },
  layer(
    ['src/core/**/*.ts'],
    [
      'vscode',
      'node:*',
      '**/node/**',
      '**/host/**',
      '**/worker/**',
      '**/engines/**',
      '**/protocol/**',
      '@tensorflow/*',
    ],
    'core is pure: it knows neither processes nor files nor engines',
  ),
  layer(
    ['src/protocol/**/*.ts'],
    ['vscode', 'node:*', '**/node/**', '**/host/**', '**/worker/**'],
    'protocol only types what crosses',
  ),
  layer(
    ['webview/**/*.ts'],
    ['vscode', 'node:*', '**/src/node/**', '**/src/host/**', '**/src/worker/**'],
    'the webview draws; it knows core and protocol only',
  ),
  layer(
    ['src/node/**/*.ts', 'src/engines/**/*.ts'],
    ['vscode', '**/host/**', '**/worker/**', '**/cli/**'],
    'node and engines serve processes, they do not know them',
  ),
  layer(
    ['src/worker/**/*.ts', 'src/cli/**/*.ts'],
    ['vscode', '**/host/**'],
    'these run without VS Code',
  ),
  layer(
    ['src/host/**/*.ts', 'src/extension.ts'],
    ['**/node/**', '**/engines/**', '@tensorflow/*'],
    'the extension host never touches tensor bytes',
  ),
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { require: 'readonly' } },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        URLSearchParams: 'readonly',
      },
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // node:test's test() returns a promise that the runner itself awaits.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          checkThenables: true,
          allowForKnownSafeCalls: [
            {
              from: 'package',
              package: 'node:test',
              name: [
                'test',
                'describe',
                'it',
                'before',
                'after',
                'beforeEach',
                'afterEach',
                'suite',
              ],
            },
          ],
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
