import { mostStatements, type Plan, type Statement, type Statements } from '../../shared/statements.ts';
import type { Count } from './database.ts';

export interface Sources {
  nodes: readonly string[];
  /** @throws when the node does not answer. */
  counts(node: string): Promise<Count[]>;
  /** @throws with words for a person when there is no plan. */
  explain(node: string, role: Count['role'], text: string): Promise<string>;
}

/** One question is enough for all pages that ask within so long. */
const pauseMs = 10_000;
/** The time over which statements are compared. */
const windowMs = 5 * 60_000;

type Figures = Pick<Count, 'calls' | 'rows' | 'ms'>;
const zero: Figures = { calls: 0, rows: 0, ms: 0 };

/** What a node had counted at one moment, by statement and by when that began. */
interface Reading {
  at: number;
  figures: Map<string, Figures>;
}

/** Everything that is known of a node. */
interface Node {
  /** Those of the window, the oldest first. */
  readings: Reading[];
  /** By the id of the statement. */
  newest: Map<string, Count>;
}

/** Only these have a plan. Postgres plans nothing for others, such as COMMIT. */
const planned = /^\s*(select|insert|update|delete|merge|with|values|table|\()/i;

/**
 * Compares what the database nodes have counted, when a page asks for it. The nodes' figures only grow, so the first
 * answer shows nothing, and later ones show what happened since, over the last minutes at most.
 */
export class StatementReader {
  readonly #sources: Sources;
  readonly #now: () => number;
  readonly #nodes = new Map<string, Node>();
  #last: { at: number; statements: Promise<Statements> } | undefined;

  constructor(sources: Sources, now = Date.now) {
    this.#sources = sources;
    this.#now = now;
  }

  /** @throws when no node answers. */
  async read(): Promise<Statements> {
    const at = this.#now();
    if (!this.#last || at - this.#last.at >= pauseMs) this.#last = { at, statements: this.#ask(at) };
    const last = this.#last;
    try {
      return await last.statements;
    } catch (error) {
      // What failed is asked for again.
      if (this.#last === last) this.#last = undefined;
      throw error;
    }
  }

  /** @param id of a statement that was read. @returns undefined when none has this id. */
  async plan(id: string): Promise<Plan | undefined> {
    const [node = ''] = id.split('/');
    const known = this.#nodes.get(node)?.newest.get(id);
    if (!known) return undefined;
    if (!planned.test(known.text)) return { none: 'Postgres makes no plan for such a statement.' };
    return await this.#sources.explain(node, known.role, known.text).then(
      (plan) => ({ plan }),
      (error: Error) => ({
        none: `Postgres makes no plan of the text that its statistics keep: ${error.message}`,
      }),
    );
  }

  async #ask(at: number): Promise<Statements> {
    const { nodes, counts } = this.#sources;
    const missing: string[] = [];
    const asked = nodes.map(async (name) => {
      const answer = await counts(name).catch(() => undefined);
      if (!answer) missing.push(name);
      else this.#keep(name, at, answer);
    });
    await Promise.all(asked);
    if (missing.length === nodes.length) throw new Error('No database node answers.');
    const answered = [...this.#nodes].filter(([name]) => !missing.includes(name));
    const grown = answered.flatMap(([name, node]) => grownOf(name, node));
    const total = grown.reduce((sum, { ms }) => sum + ms, 0);
    return {
      since: Math.min(...answered.map(([, { readings }]) => readings[0]!.at)),
      until: at,
      slowest: grown
        .toSorted((a, b) => b.ms - a.ms)
        .slice(0, mostStatements)
        .map(({ ms, ...statement }) => ({ ...statement, share: ms / total })),
      missing: missing.toSorted(),
    };
  }

  #keep(name: string, at: number, counts: Count[]): void {
    const before = this.#nodes.get(name)?.readings ?? [];
    const figures = new Map(
      counts.map(({ calls, rows, ms, ...count }) => [keyOf(count), { calls, rows, ms }]),
    );
    const readings = [...before.filter((reading) => reading.at >= at - windowMs), { at, figures }];
    this.#nodes.set(name, { readings, newest: new Map(counts.map((count) => [idOf(name, count), count])) });
  }
}

const idOf = (node: string, { role, queryId }: Pick<Count, 'role' | 'queryId'>) =>
  `${node}/${role}/${queryId}`;
/** A count that began anew has another key, so it is compared with zero. */
const keyOf = ({ role, queryId, since }: Pick<Count, 'role' | 'queryId' | 'since'>) =>
  `${role} ${queryId} ${since}`;

type Grown = Omit<Statement, 'share'> & { ms: number };

/** What ran on a node between its first reading of the window and its newest. */
function grownOf(name: string, { readings, newest }: Node): Grown[] {
  const first = readings[0]!.figures;
  // Of the same moment.
  if (readings.length === 1) return [];
  return [...newest].flatMap(([id, count]) => {
    const before = first.get(keyOf(count)) ?? zero;
    const calls = count.calls - before.calls;
    if (calls <= 0) return [];
    const ms = count.ms - before.ms;
    const { role, text } = count;
    return [{ id, node: name, role, text, calls, rows: count.rows - before.rows, meanMs: ms / calls, ms }];
  });
}
