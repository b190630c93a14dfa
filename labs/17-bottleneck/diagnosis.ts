import type { Figures } from '@shop/lab/lab.ts';
import type { Fault } from './faults.ts';

/**
 * The signals, by the fault that each one points at. A difference of less than half of `noise` means nothing. The comparison
 * adds the noise on both sides, so a signal that is nearly zero in health does not give an extreme ratio.
 */
export const signals: Record<Exclude<Fault, 'none'>, { column: string; noise: number }> = {
  'a query in a loop': { column: 'queries', noise: 1 },
  'a missing index': { column: 'pages', noise: 200 },
  'a pool of two': { column: 'poolWaitMs', noise: 2 },
  'a blocked event loop': { column: 'loopDelayMs', noise: 20 },
  'a fat answer': { column: 'kilobytes', noise: 2 },
};

/** The growth of each signal, compared with the healthy service; the largest first. */
export function growths(healthy: Figures, sick: Figures): { fault: Fault; growth: number }[] {
  return Object.entries(signals)
    .map(([fault, { column, noise }]) => ({
      fault: fault as Fault,
      growth: ((sick[column] ?? Number.NaN) + noise) / ((healthy[column] ?? Number.NaN) + noise),
    }))
    .sort((a, b) => b.growth - a.growth);
}

/** The growth of the signal that belongs to a fault ÷ the largest growth of the others: above 1, it points at the fault. */
export function standsOut(fault: Fault, healthy: Figures, sick: Figures): number {
  const all = growths(healthy, sick);
  const own = all.find((one) => one.fault === fault);
  const next = all.find((one) => one.fault !== fault);
  return (own?.growth ?? Number.NaN) / (next?.growth ?? Number.NaN);
}
