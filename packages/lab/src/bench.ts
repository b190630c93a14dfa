import { setTimeout } from 'node:timers/promises';
import { metricNamed } from '@shop/autoscaler/metrics.ts';
import { autoscale, type RunOptions } from '@shop/autoscaler/run.ts';
import type { Report } from '@shop/command/steps.ts';
import { container, start } from '@shop/docker/engine-api.ts';
import { compose } from '@shop/docker/topology.ts';
import { processorTimesOf } from '@shop/docker/usage.ts';
import type { Send } from '@shop/load/samples.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { type BoxesOptions, limitCpu, replaceBoxes, startBoxes } from './boxes.ts';
import { getting, type Load, type LoadResult, measureLoad } from './load.ts';
import { databaseNodes } from './nodes.ts';
import { execInService, idsOf } from './services.ts';
import { balancerOrigin, edgeOrigin, edgeTlsOrigin, labEnvironment, labTopology } from './topology.ts';

export type BenchOptions = { quick: boolean; seed: number; report: Report; signal: AbortSignal };

/** The autoscaler's rule in a lab; `target` is in processors, the average that each box should use. */
export type ScalingRule = Pick<
  RunOptions,
  'min' | 'max' | 'target' | 'tolerance' | 'behavior' | 'intervalMs' | 'decided'
>;

/** How warm boxes have to be before a run. */
type Warmth = { warmUp: string; answers?: number };

/** How long a new box may take until it serves. */
const readyTimeoutMs = 60_000;

/** Ten times as long as 50,000 requests take on two cores that do nothing else. */
const warmTimeoutMs = 600_000;

/** What a run of a lab works with: boxes, the balancer in front of them, load, and a look into the stores. */
export class Bench {
  readonly quick: boolean;
  readonly seed: number;
  /** How long one measurement lasts: short in the quick form, long enough for a p99 in the full one. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Says in one line what is being done. */
  readonly report: Report;
  /** Where the balancer answers, with no path. */
  readonly origin = balancerOrigin;
  /** Where the shop's edge answers, in a lab that has it. */
  readonly edge = edgeOrigin;
  readonly edgeTls = edgeTlsOrigin;
  /** What the boxes that run are, and their container ids. */
  #boxes = '';
  #boxIds: string[] = [];
  /** How many requests each box has answered while boxes were warmed, by the name that it gives itself. */
  readonly #answers = new Map<string, number>();

  constructor({ quick, seed, report, signal }: BenchOptions) {
    this.quick = quick;
    this.seed = seed;
    this.seconds = quick ? 3 : 12;
    this.report = report;
    this.signal = signal;
  }

  /**
   * Brings about the boxes of a run: started, warm and only then limited, so that the run measures neither a start nor a
   * compiler. Boxes of the run before that have the same settings are used again. The balancer is at round-robin
   * afterwards.
   *
   * @param warmUp a path of GET that each box has answered `answers` times before it counts as warm.
   * @param answers a lab that compares what boxes carry needs thousands: V8 compiles meanwhile, so after a few hundred the
   *   boxes of a later run would be the better ones.
   * @returns the container ids of the boxes.
   */
  async boxes({ warmUp, answers, cpus, ...options }: BoxesOptions & Warmth): Promise<string[]> {
    const kind = JSON.stringify(options);
    await this.balance('nginx/round-robin.conf');
    if (kind !== this.#boxes) {
      this.report(`starting ${options.count} boxes`);
      this.#boxIds = await startBoxes(options);
      // The balancer asks Docker's DNS once a second: until then it knows the boxes of before.
      await setTimeout(1500, undefined, { signal: this.signal });
      await this.#warm(warmUp, options.count, answers ?? (this.quick ? 600 : 2000));
      this.#boxes = kind;
    }
    await limitCpu(this.#boxIds, cpus);
    return this.#boxIds;
  }

  /** Gives each of these boxes this share of a processor, at once. */
  async limit(ids: string[], cpus: number): Promise<void> {
    await limitCpu(ids, cpus);
  }

  /** Does something to a box for the time of `body`: kills or pauses it, say. The box is whole again afterwards. */
  async struck<T>(id: string, how: 'kill' | 'pause', body: () => Promise<T>): Promise<T> {
    await (how === 'kill' ? container(id).kill() : container(id).pause());
    try {
      return await body();
    } finally {
      if (how === 'pause') await container(id).unpause();
      else await start(id);
      // A box that has started again is cold; the next run begins with fresh ones.
      if (how === 'kill') this.#forgetBoxes();
    }
  }

  /**
   * Replaces all boxes by new ones while they serve (`replaceBoxes`), as a deployment or an autoscaler does. The new ones are
   * not warm, and the next run of the lab uses them: a lab that measures what boxes carry replaces none.
   */
  async replaced(how: 'stop' | 'kill', options: BoxesOptions): Promise<void> {
    this.#boxIds = await replaceBoxes(how, options, this.report);
  }

  /**
   * Lets the autoscaler of `npm run autoscale` start and drain boxes for the time of `body`; the lab needs `prometheus`. Its
   * boxes are not warm, and the next run begins with fresh ones.
   */
  async autoscaled<T>(rule: ScalingRule, body: () => Promise<T>): Promise<T> {
    const ended = new AbortController();
    const scaling = autoscale(labTopology(), {
      ...rule,
      ...{ service: 'api', metric: metricNamed('cpu'), readyTimeoutMs, say: this.report },
      signal: AbortSignal.any([ended.signal, this.signal]),
    });
    try {
      return await body();
    } finally {
      ended.abort();
      await scaling;
      this.#forgetBoxes();
    }
  }

  /** Whatever box runs now counts as cold. */
  #forgetBoxes(): void {
    this.#boxes = '';
    this.#answers.clear();
  }

  /** Warms the boxes that run now; one that an earlier run has warmed only has to show that the balancer knows it. */
  async #warm(path: string, count: number, enough: number): Promise<void> {
    const seen = new Set<string>();
    const isWarm = () =>
      seen.size >= count && [...seen].every((box) => (this.#answers.get(box) ?? 0) >= enough);
    const end = performance.now() + warmTimeoutMs;
    while (!isWarm()) {
      this.signal.throwIfAborted();
      if (performance.now() > end)
        throw new Error(
          `${seen.size} of ${count} boxes answered GET ${path} in ${warmTimeoutMs / 60_000} min`,
        );
      this.report(`warming ${seen.size} of ${count} boxes`);
      const { byBox } = await measureLoad(getting(this.origin, path), { clients: 8, seconds: 1 });
      for (const [box, answers] of byBox) {
        // A failed answer names no box.
        if (!box) continue;
        seen.add(box);
        this.#answers.set(box, (this.#answers.get(box) ?? 0) + answers);
      }
    }
  }

  /** Sends GETs of a path through the balancer, each box's answer told apart. */
  getting(path: string, headers?: (index: number) => Record<string, string>): Send {
    return getting(this.origin, path, headers);
  }

  /** Offers a load of any calls. @param send sends one call and returns its answer. */
  async load(send: Send, load: Load): Promise<LoadResult> {
    this.signal.throwIfAborted();
    return await measureLoad(send, load);
  }

  /** Exchanges what the balancer does while traffic runs; it has when this returns. @param file from the folder `labs/`. */
  async balance(file: string): Promise<void> {
    await this.exec('balancer', 'bash', '/labs/nginx/exchange.sh', file);
  }

  /**
   * GETs by `clients` that each wait for their answer: measures the rate that the boxes carry. A second before it is not
   * counted: the clients connect in it, and a box whose processor was just limited pays off what it used before.
   */
  async saturate(path: string | ((index: number) => string), clients = 16): Promise<LoadResult> {
    this.report(`${clients} clients for ${this.seconds} s`);
    await this.load(getting(this.origin, path), { clients, seconds: 1 });
    return await this.load(getting(this.origin, path), { clients, seconds: this.seconds });
  }

  /** GETs at a steady rate, which waits for no answer: measures how long they take. */
  async offer(path: string | ((index: number) => string), perSecond: number): Promise<LoadResult> {
    this.report(`${Math.round(perSecond)} requests/s for ${this.seconds} s`);
    return await this.load(getting(this.origin, path), { perSecond, seconds: this.seconds });
  }

  /** A shopper with cookies of its own, at the balancer. */
  client(): ShopClient {
    return new ShopClient(this.origin);
  }

  /** CPU-milliseconds that the containers of some services use during `work`. */
  async cpuMs(services: string[], work: () => Promise<void>): Promise<number> {
    const used = await this.cpuMsByService(work);
    return services.reduce((sum, service) => sum + (used.get(service) ?? 0), 0);
  }

  /** CPU-milliseconds that the containers of each service use during `work`. */
  async cpuMsByService(work: () => Promise<void>): Promise<Map<string, number>> {
    const before = await processorTimesOf(labTopology());
    await work();
    const after = await processorTimesOf(labTopology());
    return new Map([...after].map(([service, ms]) => [service, ms - (before.get(service) ?? 0)]));
  }

  /** CPU-milliseconds that one GET of a path costs the boxes while `clients` ask for it. */
  async costMs(path: string, clients: number): Promise<number> {
    let total = 0;
    const usedMs = await this.cpuMs(['api'], async () => {
      ({ total } = await this.load(this.getting(path), { clients, seconds: this.seconds }));
    });
    return usedMs / total;
  }

  /** Gives each container of some services this share of a processor for the time of `body`. */
  async capped<T>(services: string[], cpus: number, body: () => Promise<T>): Promise<T> {
    const ids = (await Promise.all(services.map(idsOf))).flat();
    await limitCpu(ids, cpus);
    try {
      return await body();
    } finally {
      await limitCpu(ids, undefined);
    }
  }

  /** Runs SQL on the primary as its superuser. @returns what psql prints, unaligned and without headers. */
  async sql(text: string): Promise<string> {
    return await this.onPrimary('psql', '-U', 'postgres', '-d', 'shop', '-AtXqc', text);
  }

  /** Runs `docker compose` on the lab's project. */
  async compose(args: string[], settings: Record<string, string> = {}): Promise<string> {
    return await compose(labTopology(), args, { environment: labEnvironment(settings) });
  }

  /** Runs a program in the container of a service that has one. @returns its output. */
  async exec(service: string, ...command: string[]): Promise<string> {
    return await execInService(service, ...command);
  }

  /** Runs a program in the container of the primary. @returns its output. */
  async onPrimary(...command: string[]): Promise<string> {
    return await this.exec((await databaseNodes()).primary, ...command);
  }

  /** The name of the database node that takes writes. */
  async primary(): Promise<string> {
    return (await databaseNodes()).primary;
  }

  /** The name of the database node that follows the primary. */
  async replica(): Promise<string> {
    return (await databaseNodes()).replica;
  }
}
