import type { Part, Place } from '../shared/place.ts';

/** The part of the page that a call belongs to, by the beginning of its path. */
const parts: Record<string, Part> = {
  charts: 'charts',
  statements: 'statements',
  traces: 'traces',
  experiments: 'experiments',
  'one-of-each': 'oneOfEach',
  balancing: 'balancing',
  shoppers: 'shoppers',
  // The verdict shows what a broken build does.
  'broken-build': 'shoppers',
};

/** Why a call is for nothing: its part is not here. `undefined` for every other call. */
export function absenceOf(url: string, { absent }: Place): string | undefined {
  const part = parts[new URL(url, 'http://localhost').pathname.split('/')[1]!];
  const why = part && absent[part];
  return why && `None here: ${why}`;
}
