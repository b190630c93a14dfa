/** A measured rate of a number of boxes. */
export type Point = { boxes: number; perSecond: number };

/**
 * Fits the Universal Scalability Law, rate(n) = n·rate(1) ÷ (1 + σ(n − 1) + κn(n − 1)), by least squares. With
 * y = n·rate(1) ÷ rate(n) − 1 it is linear in the two unknowns: y = σ(n − 1) + κn(n − 1). Neither can be negative in the
 * model, so a fit that wants one to be takes it as zero.
 *
 * Source: Neil J. Gunther, "Guerrilla Capacity Planning", Springer 2007, chapter 5.
 *
 * @param points at least three sizes, of which one is a single box.
 * @returns σ as `contention`, κ as `coherency`, and the number of boxes at which the rate peaks, √((1 − σ) ÷ κ).
 */
export function fitScalability(points: Point[]): { contention: number; coherency: number; peak: number } {
  const single = points.find(({ boxes }) => boxes === 1);
  if (!single) throw new Error('the fit needs the rate of one box');
  const rows = points
    .filter(({ boxes }) => boxes > 1)
    .map(({ boxes: n, perSecond }) => ({
      a: n - 1,
      b: n * (n - 1),
      y: (n * single.perSecond) / perSecond - 1,
    }));
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  const [aa, ab, bb] = [sum(({ a }) => a * a), sum(({ a, b }) => a * b), sum(({ b }) => b * b)];
  const [ay, by] = [sum(({ a, y }) => a * y), sum(({ b, y }) => b * y)];
  const determinant = aa * bb - ab * ab;
  let contention = (ay * bb - by * ab) / determinant;
  let coherency = (by * aa - ay * ab) / determinant;
  if (coherency < 0) [contention, coherency] = [Math.max(0, ay / aa), 0];
  else if (contention < 0) [contention, coherency] = [0, Math.max(0, by / bb)];
  const peak = coherency > 0 ? Math.sqrt(Math.max(0, 1 - contention) / coherency) : Number.POSITIVE_INFINITY;
  return { contention, coherency, peak };
}
