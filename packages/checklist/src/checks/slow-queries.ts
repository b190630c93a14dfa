import { type Check, fail, notCheckable, pass } from '../facts.ts';

/**
 * A statement of the shop finds its rows by an index and touches tens of blocks; a search walks over 2,000 products
 * before it asks otherwise (docs/decisions/0021-search.md). More than this means that a statement reads a whole table.
 * It shows on a machine of any speed, and before the time does.
 */
const mostBlocksPerCall = 4_000;
/** A statement that ran less often may be typed by a person. */
const leastCalls = 10;
const ofTheShop = /_app$/;

export const slowQueries: Check = {
  title: 'no statement reads whole tables for want of an index',
  where: 'packages/database/src/schema/; Postgres: pg_stat_statements',
  run: ({ statements }) => {
    if (!statements) return notCheckable('Postgres keeps no record: pg_stat_statements is not there');
    const ours = statements.filter(({ role, calls }) => ofTheShop.test(role) && calls >= leastCalls);
    if (ours.length === 0)
      return notCheckable('no statement ran often enough yet: let some people shop first');
    const wide = ours.filter(({ blocksPerCall }) => blocksPerCall > mostBlocksPerCall);
    const most = Math.round(Math.max(...ours.map(({ blocksPerCall }) => blocksPerCall)));
    if (wide.length === 0)
      return pass(`${ours.length} statements, at most ${most} blocks a call with the rows of today`);
    const tell = wide.map(
      ({ query, blocksPerCall }) => `${Math.round(blocksPerCall)} blocks a call: ${query.slice(0, 100)}`,
    );
    return fail(tell.join('; '));
  },
};
