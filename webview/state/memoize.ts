/** Remembers the last result: the state is immutable, so equal arguments mean an equal result. */
export function memoizeLast<A extends readonly unknown[], R>(
  compute: (...args: A) => R,
): (...args: A) => R {
  let last: { readonly args: A; readonly result: R } | null = null;
  return (...args) => {
    if (last?.args.every((arg, index) => Object.is(arg, args[index])) !== true) {
      last = { args, result: compute(...args) };
    }
    return last.result;
  };
}
