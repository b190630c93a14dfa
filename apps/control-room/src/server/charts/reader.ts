import type { Listed } from '@shop/docker/engine-api.ts';
import type { Charts } from '../../shared/charts.ts';
import { shortNames } from '../compose/names.ts';
import { definitions } from './definitions.ts';
import { chartsOf, type MatrixAnswer, questionFor, windowAt } from './range.ts';

export interface Sources {
  project: string;
  list(): Promise<Listed[]>;
  /** Asks Prometheus. @param path below `/api/v1`. @throws when it does not run, does not answer or refuses. */
  ask(path: string): Promise<MatrixAnswer>;
}

/** Reads the charts from Prometheus when a page asks for them, and each moment only once for all pages. */
export class ChartReader {
  readonly #sources: Sources;
  readonly #now: () => number;
  /** The short name of each address. A container that has ended has none, and its line keeps its name. */
  readonly #names = new Map<string, string>();
  #newest: { end: number; charts: Promise<Charts> } | undefined;

  constructor(sources: Sources, now = Date.now) {
    this.#sources = sources;
    this.#now = now;
  }

  /** The last 15 minutes. @throws when the engine or Prometheus does not answer. */
  async read(): Promise<Charts> {
    const window = windowAt(this.#now());
    if (this.#newest?.end !== window.end) this.#newest = { end: window.end, charts: this.#ask(window) };
    const newest = this.#newest;
    try {
      return await newest.charts;
    } catch (error) {
      // What failed is asked for again.
      if (this.#newest === newest) this.#newest = undefined;
      throw error;
    }
  }

  async #ask(window: ReturnType<typeof windowAt>): Promise<Charts> {
    const { project, list, ask } = this.#sources;
    const [listed, matrix] = await Promise.all([list(), ask(questionFor(definitions, window))]);
    const names = shortNames(project, listed);
    for (const { id, addresses } of listed)
      for (const address of addresses) this.#names.set(address, names.get(id)!);
    return chartsOf(definitions, matrix, window, (name) => this.#names.get(name) ?? name);
  }
}
