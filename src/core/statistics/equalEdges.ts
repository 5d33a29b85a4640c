/** count + 1 edges from min to max, the last exactly max. */
export function equalEdges(min: number, max: number, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, i) =>
    i === count ? max : min + ((max - min) * i) / count,
  );
}
