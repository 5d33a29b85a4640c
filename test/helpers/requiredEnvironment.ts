/** A variable that `scripts/test.mjs` sets. @throws Error when the tests were started otherwise. */
export function requiredEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests by npm test`);
  return value;
}
