/** The last 15 minutes in charts. All lines have their values at the same moments. */
export interface Charts {
  /** Milliseconds since the epoch, equally far apart; the newest last. */
  times: number[];
  charts: Chart[];
}

export interface Chart {
  id: string;
  title: string;
  /** Of all its values: `requests/s`, `ms`, `%`. */
  unit: string;
  /** What is measured, and what is not, in a sentence for a person. */
  note: string;
  /** The end of its scale; absent where its highest value decides. */
  top?: number;
  /** In the order of their names; none without data. */
  lines: Line[];
  /** How many lines were left out, because others have higher values. */
  leftOut: number;
}

export interface Line {
  /** A container, a route, a database: what it measures. */
  name: string;
  /** One for each of the times; null where Prometheus has none. */
  values: (number | null)[];
}

/** As many colours as a person can tell apart. */
export const mostLines = 6;
