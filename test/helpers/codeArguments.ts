/** What the stand-in needs of VS Code's command line, as `@vscode/test-electron` passes it. */
export interface CodeArguments {
  readonly developmentPaths: readonly string[];
  readonly testsPath: string;
  /** The folder to open; null for an empty window. */
  readonly target: string | null;
}

/**
 * Reads the command line. Options that concern a desktop window, or folders that the stand-in makes
 * itself, are left aside.
 * @throws Error when it does not ask for extension tests.
 */
export function parseCodeArguments(words: readonly string[]): CodeArguments {
  const valuesOf = (option: string): string[] =>
    words
      .filter((word) => word.startsWith(`--${option}=`))
      .map((word) => word.slice(option.length + 3));
  const developmentPaths = valuesOf('extensionDevelopmentPath');
  const [testsPath] = valuesOf('extensionTestsPath');
  if (testsPath === undefined || developmentPaths.length === 0) {
    throw new Error(
      'needs --extensionDevelopmentPath= and --extensionTestsPath=; found ' + words.join(' '),
    );
  }
  const target = words.find((word) => !word.startsWith('--')) ?? null;
  return { developmentPaths, testsPath, target };
}
