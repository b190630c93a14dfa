import { stripVTControlCharacters } from 'node:util';
import { type Experiment, type ExperimentNews, isOver } from '../../shared/experiments.ts';
import type { Doable } from '../actions/timeline.ts';
import type { Running } from './command.ts';

/** More than any result has; every snapshot brings them to the page. */
const mostLines = 200;

/** Plays labs and scenarios, one at a time. */
export class Experimenter {
  readonly #start: (experiment: Experiment) => Running;
  #running: Running | undefined;
  #over: Promise<unknown> = Promise.resolve();
  #news: ExperimentNews | undefined;

  /** @param start starts the process of an experiment. */
  constructor(start: (experiment: Experiment) => Running) {
    this.#start = start;
  }

  /** The one that runs, or else the last one. */
  get news(): ExperimentNews | undefined {
    return this.#news;
  }

  get isBusy(): boolean {
    return this.#news !== undefined && !isOver(this.#news);
  }

  /** What the timeline begins; it is done when every claim holds. */
  playing(experiment: Experiment): Doable {
    return {
      name: `${experiment.kind} ${experiment.name}`,
      strike: () => {
        const playing = this.#play(experiment);
        this.#over = playing.catch(() => {});
        return playing;
      },
    };
  }

  /** Asks the one that runs to put everything back and to end. @returns false when none runs. */
  stop(): boolean {
    if (this.#news?.state !== 'running') return false;
    this.#news = { ...this.#news, state: 'stopping' };
    this.#running?.interrupt();
    return true;
  }

  /** Stops the one that runs, and returns when it has ended. */
  async close(): Promise<void> {
    this.stop();
    await this.#over;
  }

  async #play(experiment: Experiment): Promise<void> {
    const news: ExperimentNews = { experiment, state: 'running', at: Date.now(), lines: [] };
    this.#news = news;
    const running = this.#start(experiment);
    this.#running = running;
    for await (const line of running.lines) this.#print(line);
    const passed = (await running.exitCode) === 0;
    const stopped = this.#news.state === 'stopping';
    this.#news = { ...this.#news, state: stopped ? 'stopped' : passed ? 'passed' : 'failed' };
    if (stopped) throw new Error('You stopped it.');
    if (!passed) throw new Error('It did not pass: its last lines say why.');
  }

  #print(line: string): void {
    const lines = [...this.#news!.lines, stripVTControlCharacters(line)].slice(-mostLines);
    this.#news = { ...this.#news!, lines };
  }
}
