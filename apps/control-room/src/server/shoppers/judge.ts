import type { LinesByNode } from '@shop/chaos/checkers/orders-exist-once.ts';
import type { Item } from '@shop/chaos/workload/items.ts';
import { judgeSessions, judgeTables, type Violation } from './judged.ts';
import type { LiveHistory } from './live-history.ts';

/** Reads the orders of products from each database node that has everything; the keys are the nodes' names. */
export type ReadTables = (items: Item[]) => Promise<LinesByNode>;

type Case = {
  history: LiveHistory;
  items: Item[];
  read: ReadTables;
  /** The customer of a session, for a person. */
  nameOf: (session: string) => string;
  found: (violation: Violation) => void;
};

/** Judges a history that goes on, again and again, by the checkers of the chaos tests. */
export class Judge {
  readonly #case: Case;
  #suspected = new Set<string>();
  /** Acknowledged orders that the last look compared, and on how many nodes. */
  compared = 0;
  nodes = 0;

  constructor(about: Case) {
    this.#case = about;
  }

  /**
   * Judges what has happened until now. A lost or doubled order counts when two looks in a row show it: while a primary
   * changes, one look may ask the old one. @throws when no database node can be read; the sessions are judged by then.
   */
  async look(): Promise<void> {
    const { history, items, read, nameOf, found } = this.#case;
    judgeSessions(history.untilNow(), items, nameOf).forEach(found);
    const acknowledged = new Set(history.operations);
    const lines = await read(items);
    const seen = judgeTables(history.forTablesReadAfter(acknowledged), lines, nameOf);
    seen.filter(({ about }) => this.#suspected.has(about)).forEach(found);
    this.#suspected = new Set(seen.map(({ about }) => about));
    this.compared = [...acknowledged].filter(({ order }) => order?.id).length;
    this.nodes = Object.keys(lines).length;
  }
}
