import type { Judgement, ShoppersNews, Tally } from '../../shared/shoppers.ts';
import { judgementOf } from '../../shared/shoppers.ts';

/** The verdict in a sentence, which changes only when the verdict does: screen readers speak it. */
export function headline(shoppers: ShoppersNews): string {
  const { state, verdict } = shoppers;
  if (state === 'starting') return 'Twelve shoppers come in…';
  return headlines[judgementOf(verdict?.tally)];
}

const headlines: Record<Judgement, string> = {
  none: 'No shoppers yet',
  kept: 'Every promise is kept',
  failed: 'No data is lost, but operations failed',
  broken: 'A promise is broken',
};

/** What the shoppers do now, in a sentence. */
export function progress({ state, shape, endsAt, why, verdict }: ShoppersNews): string {
  if (state === 'never')
    return 'Shoppers browse, buy and cancel through both edges, and each answer is checked.';
  if (state === 'starting') return 'They register, and eight products go on sale.';
  if (state === 'stopping') return `They stop: ${why}. The last orders are compared.`;
  if (state === 'stopped') return `They have stopped: ${why}.`;
  const { compared } = verdict ?? {};
  const looks = compared ? `, orders compared on ${compared.nodes} of 3 database nodes` : '';
  const until = endsAt === undefined ? '' : `, until ${clock.format(endsAt)}`;
  return `${shape?.perSecond} operations a second${until}${looks}.`;
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

/** 65,000 ms are `1:05`. */
export function minutes(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** 4,321 ms are `4.3`. */
export const seconds = (ms: number) => (ms / 1_000).toFixed(1);

export const labels: Record<keyof Tally, string> = {
  operations: 'Operations',
  failed: 'Failed',
  retries: 'Repeated attempts',
  acknowledged: 'Orders acknowledged',
  compared: 'Orders compared',
  lost: 'Lost orders',
  doubled: 'Doubled orders',
  staleReads: 'Stale reads',
  lostLogins: 'Lost logins',
};
