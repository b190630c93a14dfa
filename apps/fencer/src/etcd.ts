import { request } from 'undici';

/** The holder of Patroni's leader key, and the lease that keeps the key. */
export interface Leader {
  name: string;
  leaseId: string;
}

export type Etcd = ReturnType<typeof createEtcd>;

/**
 * The two etcd calls that fencing needs, over etcd's JSON gateway
 * (https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/). All members are asked at once and the first answer counts,
 * so a frozen member delays nothing. Each answers only what a quorum confirms.
 */
export function createEtcd(urls: string[], leaderKey: string, timeoutMs = 2000) {
  const key = Buffer.from(leaderKey).toString('base64');

  function call(path: string, body: object): Promise<unknown> {
    const signal = AbortSignal.timeout(timeoutMs);
    return Promise.any(
      urls.map(async (url) => {
        const answer = await request(url + path, { method: 'POST', body: JSON.stringify(body), signal });
        const json = await answer.body.json();
        if (answer.statusCode !== 200) throw new Error(`etcd ${path}: ${JSON.stringify(json)}`);
        return json;
      }),
    );
  }

  return {
    /** @returns nothing while there is no leader. @throws when no member answers. */
    async readLeader(): Promise<Leader | undefined> {
      const { kvs } = (await call('/v3/kv/range', { key })) as { kvs?: { value: string; lease?: string }[] };
      const leader = kvs?.[0];
      if (!leader?.lease) return undefined;
      return { name: Buffer.from(leader.value, 'base64').toString(), leaseId: leader.lease };
    },

    /** Deletes the keys of this lease and of no other. @throws when it cannot be revoked or has ended already. */
    async revokeLease(leaseId: string): Promise<void> {
      await call('/v3/lease/revoke', { ID: leaseId });
    },
  };
}
