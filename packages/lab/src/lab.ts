import type { Bench } from './bench.ts';
import type { Extra } from './topology.ts';

/** What one run gave, by the names of the lab's columns. A column that it did not measure is missing. */
export type Figures = Record<string, number>;

/** A column of the lab's table. `digits` after the point; none if it is left out. */
export type Column = { title: string; unit?: string; digits?: number };

/** One run: the same load as the other runs of the lab, and one thing that differs. */
export type Run = {
  name: string;
  /** A run in which the effect must not show: it proves that the lab can tell the difference. */
  control?: true;
  /** Whether the quick form leaves it out; a claim about it is then `fullOnly`, too. */
  fullOnly?: boolean;
  /** Brings about what differs, offers the load, and returns the figures. */
  measure: (bench: Bench) => Promise<Figures>;
};

/** The figures of all runs so far. */
export type Results = {
  /** A figure of a run. @throws when there is no such run or it has no such figure. */
  of: (run: string, column: string) => number;
};

/** A bound of a claim; the quick form of a lab measures for a shorter time and has a wider margin. */
export type Bound = number | { quick: number; full: number };

/**
 * What must follow from the figures: a ratio or a count with a margin, never an absolute time. `of` computes the figure
 * that is compared with the bound.
 */
export type Claim = {
  says: string;
  of: (results: Results) => number;
  atLeast?: Bound;
  atMost?: Bound;
  /** Whether it is the claim about the control run. */
  control?: true;
  /** Whether the quick form leaves it out. */
  fullOnly?: boolean;
};

/** An experiment about one lesson of scaling: runs that differ in one thing, and what must follow from their figures. */
export type Lab = {
  title: string;
  /** What is asked, as one sentence. */
  question: string;
  /** What is expected and why, in one or two sentences. */
  hypothesis: string;
  /** Services of the shop on top of the stores. */
  extras?: Extra[];
  /** In a lab that starts services of its own, for which neither stores nor balancer run: removes them, whatever happened. */
  cleanUp?: () => Promise<void>;
  columns: Record<string, Column>;
  /** Played in this order. */
  runs: Run[];
  /** The first one is the number that the map of lessons shows. */
  claims: Claim[];
  /** Column of the plot: one bar a run. */
  plot: string;
  /** What the figures mean, in two sentences. */
  meaning: (results: Results) => string;
  /** In a lab that lets the reader guess: what a seed has hidden, a line each. Told by `--reveal` alone. */
  hides?: (seed: number) => string[];
  /** Files where the lesson stands in the code, from the repository's folder. */
  code: string[];
  /** What to change and run again. */
  tryNext: string[];
};

/** Declares a lab; the file `lab.ts` of its folder exports it as its default. */
export function defineLab(lab: Lab): Lab {
  return lab;
}

/** The runs of a lab's quick form, or of its full one. */
export function runsOf({ runs }: Pick<Lab, 'runs'>, quick: boolean): Run[] {
  return runs.filter(({ fullOnly }) => !(quick && fullOnly));
}

/** Whether a lab works on the shop's stores, and not on services of its own alone. */
export function needsStores({ cleanUp }: Pick<Lab, 'cleanUp'>): boolean {
  return cleanUp === undefined;
}
