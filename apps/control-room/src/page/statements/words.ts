import type { Statement, Statements } from '../../shared/statements.ts';
import { amount, timeOf } from '../charts/words.ts';

/** SQL without its line breaks. */
export const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** 0.123 is `12.3 %`. */
export const percent = (share: number) => `${amount(share * 100)} %`;

const many = (count: number, unit: string) => `${amount(count)} ${count === 1 ? unit : `${unit}s`}`;

/** The figures of a statement in a sentence. */
export const inWords = ({ role, calls, rows, meanMs, share }: Statement) =>
  `${many(calls, 'call')} of ${role}, ${amount(meanMs)} ms on average, ${percent(share)} of the time, ${many(rows, 'row')}`;

/** Over which time the statements are compared, and what is missing. */
export function countedWords({ since, until, slowest, missing }: Statements): string {
  const silent = missing.length > 0 ? ` Without ${missing.join(' and ')}, which does not answer.` : '';
  if (until === since)
    return `Counting since ${timeOf(since)}: the first figures come within ten seconds.${silent}`;
  if (slowest.length === 0) return `No program has asked Postgres since ${timeOf(since)}.${silent}`;
  return `What the shop’s programs have asked Postgres since ${timeOf(since)}, the largest total time first. Choose a statement to see its plan.${silent}`;
}
