/**
 * The nearest whole number, halves to the even one: Python's round(), which decides how many weights
 * torch.nn.utils.prune removes.
 */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
