import { setTimeout as sleep } from 'node:timers/promises';
import { type Container, databaseNodes, running } from '@shop/chaos/topology/topology.ts';
import { container } from '@shop/docker/engine-api.ts';
import { outputSince } from '@shop/docker/in-container.ts';

/** The stages between the death of a primary and the first write on its successor, in their order. */
export const stages = [
  'the fencer looks',
  'the lease is free',
  'Patroni says primary',
  'the first HAProxy sees it',
  'the second HAProxy sees it',
  'the other replica streams from it',
  'the first write is acknowledged',
] as const;
export type Stage = (typeof stages)[number];

/**
 * Watches a failover from outside, asking Patroni and HAProxy every 25 ms at their containers' own addresses (which
 * the host reaches on Linux).
 */
export class FailoverWatch {
  readonly #victim: Container;
  readonly #seenAt = new Map<Stage, number>();
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>[] = [];

  constructor(victim: Container) {
    this.#victim = victim;
  }

  async start(): Promise<void> {
    const proxies = await Promise.all(
      ['haproxy-1', 'haproxy-2'].map(async (service) => addressOf((await running(service))[0]!)),
    );
    for (const node of databaseNodes.filter((name) => name !== this.#victim.service)) {
      const [container] = await running(node);
      const url = `http://${await addressOf(container!)}:8008/primary`;
      const isPrimary = (text: string) => text.includes('"role": "primary"');
      this.#watch('Patroni says primary', url, isPrimary);
      this.#watch(
        'the other replica streams from it',
        url,
        (text) => isPrimary(text) && text.includes('"state": "streaming"'),
      );
    }
    const another = new RegExp(`^primary,(?!${this.#victim.service},|BACKEND|FRONTEND)(?:[^,]*,){16}UP`, 'm');
    for (const [index, address] of proxies.entries()) {
      const stage = index === 0 ? 'the first HAProxy sees it' : 'the second HAProxy sees it';
      this.#watch(stage, `http://${address}:8404/stats;csv`, (text) => another.test(text));
    }
  }

  /** @returns when each stage was reached, in milliseconds after the container's death. */
  async stop(acknowledgedAt: number): Promise<Partial<Record<Stage, number>>> {
    this.#stopping.abort();
    this.#seenAt.set('the first write is acknowledged', acknowledgedAt);
    await Promise.all(this.#watching);
    const { FinishedAt } = (await container(this.#victim.id).inspect()).State;
    const diedAt = Date.parse(FinishedAt);
    await this.#readFencer(diedAt);
    return Object.fromEntries([...this.#seenAt].map(([stage, at]) => [stage, at - diedAt]));
  }

  #watch(stage: Stage, url: string, isReached: (text: string) => boolean): void {
    const watch = async () => {
      while (!this.#stopping.signal.aborted && !this.#seenAt.has(stage)) {
        const text = await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
          (answer) => answer.text(),
          () => '',
        );
        if (isReached(text)) this.#seenAt.set(stage, Date.now());
        await sleep(25);
      }
    };
    this.#watching.push(watch());
  }

  async #readFencer(diedAt: number): Promise<void> {
    const [fencer] = await running('fencer').catch(() => []);
    if (!fencer) return;
    for (const line of (await outputSince(fencer.id, diedAt - 1_000)).split('\n').filter(Boolean)) {
      const { time, msg } = JSON.parse(line) as { time: number; msg: string };
      if (msg.startsWith('leader is dead')) this.#seenAt.set('the fencer looks', time);
      if (msg.startsWith('leader fenced')) this.#seenAt.set('the lease is free', time);
    }
  }
}

async function addressOf({ id }: Container): Promise<string> {
  const { Networks } = (await container(id).inspect()).NetworkSettings;
  const [, data] = Object.entries(Networks).find(([name]) => name.endsWith('_data')) ?? [];
  return data?.IPAddress ?? '';
}
