/** The statements of the shop's programs that took Postgres longest, over the last minutes. */
export interface Statements {
  /** The beginning and the end of what was counted: milliseconds since the epoch. They are equal at first. */
  since: number;
  until: number;
  /** The longest first. */
  slowest: Statement[];
  /** Database nodes that did not answer; their statements are missing. */
  missing: string[];
}

/** One kind of statement on one node: Postgres counts those that differ in their values alone as one. */
export interface Statement {
  /** A part of a path: `db-1/shop_app/-4719`. */
  id: string;
  node: string;
  /** The role that sends it. */
  role: string;
  /** SQL with `$1`, `$2` in the place of values. */
  text: string;
  calls: number;
  /** Sent to the client, or changed. */
  rows: number;
  meanMs: number;
  /** Its part of the time of all statements on all nodes: 1 is all of it. */
  share: number;
}

/** How Postgres would run a statement, or why that cannot be said. */
export type Plan = { plan: string } | { none: string };

/** As many as a person looks at. */
export const mostStatements = 10;
