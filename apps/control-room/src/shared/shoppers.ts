/** What the shoppers do: shares of reads and writes (`mixes` in packages/chaos). */
export const mixNames = ['usual', 'browsing', 'buying'] as const;

/** Operations that begin in a second, whether earlier ones are answered or not, and what they are. */
export interface Shape {
  perSecond: number;
  mix: (typeof mixNames)[number];
}

/** More would make a shop on two processors slow by itself. */
export const mostPerSecond = 50;
/** Shoppers stop by themselves after so long. */
export const longestMs = 15 * 60_000;
/** Shoppers stop when no page was open for so long. */
export const unwatchedMs = 60_000;

/** Counted since the shoppers were started. */
export interface Tally {
  /** Those that have ended. */
  operations: number;
  /** Those that had no right answer within their 30 s. */
  failed: number;
  /** Attempts after the first of an operation. */
  retries: number;
  acknowledged: number;
  /** Acknowledged orders that were looked for in the tables of the database nodes. */
  compared: number;
  /** Acknowledged orders that a node does not have, or has with other lines; and orders that two calls were given. */
  lost: number;
  /** Orders on a node that no call of the shoppers placed, and second orders of one idempotency key. */
  doubled: number;
  staleReads: number;
  lostLogins: number;
}

export const violations = ['lost', 'doubled', 'staleReads', 'lostLogins'] as const;

/** A broken promise, in words. */
export interface Counterexample {
  kind: (typeof violations)[number];
  /** When it was found: milliseconds since the epoch. */
  at: number;
  /** The shopper's name and e-mail address. */
  customer: string;
  expected: string;
  seen: string;
  /** The operations that concern it, one on each line. */
  history: string;
}

/** How long the shoppers felt a fault: from the first operation that it disturbed until the last of them had ended. */
export interface Failover {
  /** The action on the timeline. */
  faultId: number;
  fault: string;
  /** Absent while no operation was disturbed. */
  lengthMs?: number;
  running: boolean;
}

/** What the process of the shoppers tells each second. */
export interface Verdict {
  tally: Tally;
  counterexamples: Counterexample[];
  /** The newest fault last. */
  failovers: Failover[];
  /** How many database nodes the orders were compared on, and when; absent before the first time. */
  compared?: { at: number; nodes: number };
  /** What could not be done, in a sentence for a person. */
  trouble?: string;
}

/** The shoppers as the page shows them; `verdict` stays after they have stopped. */
export interface ShoppersNews {
  state: 'never' | 'starting' | 'shopping' | 'stopping' | 'stopped';
  shape?: Shape;
  /** When they stop by themselves, in milliseconds since the epoch; while they shop. */
  endsAt?: number;
  /** Why they stopped. */
  why?: string;
  verdict?: Verdict;
}

/** `kept`: all zero. `failed`: operations failed, and no promise about data was broken. */
export type Judgement = 'none' | 'kept' | 'failed' | 'broken';

export function judgementOf(tally: Tally | undefined): Judgement {
  if (!tally || tally.operations === 0) return 'none';
  if (violations.some((kind) => tally[kind] > 0)) return 'broken';
  return tally.failed > 0 ? 'failed' : 'kept';
}
