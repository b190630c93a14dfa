import { fork } from 'node:child_process';
import { longestMs, type Shape, type ShoppersNews, unwatchedMs } from '../../shared/shoppers.ts';
import type { Fault } from './failovers.ts';
import type { Order, Report } from './messages.ts';

/** What the supervisor needs of a process. Tests pass one of their own. */
export interface ShoppersProcess {
  readonly connected: boolean;
  send(order: Order): boolean;
  kill(): boolean;
  on(event: 'message' | 'exit', listener: (report: unknown) => void): unknown;
}

const forked = (): ShoppersProcess => fork(new URL('./process.ts', import.meta.url));

/** Only the shop on this machine gets load. @throws when an origin is another machine's. */
export function requireLoopback(origins: readonly string[]): void {
  const foreign = origins.find(
    (origin) => !['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname),
  );
  if (foreign) throw new Error(`Shoppers go to this machine alone, and ${foreign} is another one.`);
}

type Options = {
  /** The origins of the edges. */
  edges: readonly string[];
  begin?: () => ShoppersProcess;
  unwatchedMs?: number;
};

/** Supervises the process of the shoppers: there is one at most, and it ends without an open page. */
export class Supervisor {
  readonly #options: Required<Options>;
  #process: ShoppersProcess | undefined;
  #news: ShoppersNews = { state: 'never' };
  /** What waits for an answer of the process, which answers in the order of the questions. */
  #waiting: { shaped: () => void; refused: (why: Error) => void }[] = [];
  #watchers = 0;
  #patience: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = { begin: forked, unwatchedMs, ...options };
  }

  get news(): ShoppersNews {
    return this.#news;
  }

  /** Whether shoppers can be started or shaped now. */
  get isReady(): boolean {
    return ['never', 'shopping', 'stopped'].includes(this.#news.state);
  }

  /** Starts the shoppers, or gives those that shop another shape. @throws when the shop lets none begin. */
  async shape(shape: Shape): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    requireLoopback(this.#options.edges);
    const running = this.#process ?? this.#begin();
    this.#waiting.push({ shaped: resolve, refused: reject });
    this.#tell({ shape });
    try {
      await promise;
    } catch (error) {
      // The first round: there is nothing to go on with.
      if (this.#news.state === 'starting') {
        this.#news = { ...this.#news, why: (error as Error).message };
        running.kill();
      }
      throw error;
    }
    // A stop may have come meanwhile.
    if (this.#news.state !== 'starting' && this.#news.state !== 'shopping') return;
    const { endsAt = Date.now() + longestMs, verdict } = this.#news;
    this.#news = { state: 'shopping', shape, endsAt, ...(verdict && { verdict }) };
    this.#watch();
  }

  /** Ends the load at once, and the process when its last orders were compared. @param why for a person. */
  stop(why: string): void {
    if (this.#news.state !== 'shopping') return;
    this.#stopping(why);
    this.#tell({ stop: true });
  }

  struck(fault: Fault): void {
    if (this.#process) this.#tell({ struck: fault });
  }

  /** A page is open. @returns what says that it is no longer. */
  watch(): () => void {
    this.#watchers += 1;
    this.#watch();
    return () => {
      this.#watchers -= 1;
      this.#watch();
    };
  }

  /** The room ends, and the shoppers with it. */
  close(): void {
    clearTimeout(this.#patience);
    this.#process?.kill();
  }

  #begin(): ShoppersProcess {
    const begun = this.#options.begin();
    this.#process = begun;
    this.#news = { state: 'starting' };
    begun.on('message', (report) => this.#hear(report as Report));
    begun.on('exit', () => {
      const { verdict, shape, why = 'their process has ended' } = this.#news;
      this.#process = undefined;
      this.#news = { state: 'stopped', why, ...(shape && { shape }), ...(verdict && { verdict }) };
      for (const { refused } of this.#waiting.splice(0)) refused(new Error(why));
    });
    return begun;
  }

  #hear(report: Report): void {
    if ('verdict' in report) this.#news = { ...this.#news, verdict: report.verdict };
    else if ('stopping' in report) this.#stopping(report.stopping);
    else if ('refused' in report) this.#waiting.shift()?.refused(new Error(report.refused));
    else this.#waiting.shift()?.shaped();
  }

  #stopping(why: string): void {
    const { endsAt: _, ...news } = this.#news;
    this.#news = { ...news, state: 'stopping', why };
  }

  #watch(): void {
    clearTimeout(this.#patience);
    if (this.#watchers > 0) return;
    this.#patience = setTimeout(() => this.stop('no page was open'), this.#options.unwatchedMs);
    this.#patience.unref();
  }

  #tell(order: Order): void {
    if (this.#process?.connected) this.#process.send(order);
  }
}
