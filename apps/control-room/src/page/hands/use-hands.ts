import type { BalancingMethod } from '@shop/docker/balancing-methods.ts';
import { useState } from 'react';
import type { ActionOnContainer, BrokenBuild } from '../../shared/actions.ts';
import type { Shape } from '../../shared/shoppers.ts';
import { post } from './post.ts';

/** What the page can ask the server to do; `refusal` is why it did not take the last one. */
export function useHands() {
  const [refusal, setRefusal] = useState<string>();
  const ask = (path: string, body?: object) => {
    setRefusal(undefined);
    post(path, body).catch((error: Error) => setRefusal(error.message));
  };
  return {
    refusal,
    strike: (id: string, action: ActionOnContainer) => ask(`/containers/${id}/actions`, { action }),
    killOneOfEach: () => ask('/one-of-each'),
    scaleApi: (count: number) => ask('/api-replicas', { count }),
    balance: (method: BalancingMethod) => ask('/balancing', { method }),
    breakBuild: (build: BrokenBuild) => ask('/broken-build', { build }),
    shapeShoppers: (shape: Shape) => ask('/shoppers', shape),
    stopShoppers: () => ask('/shoppers/stop'),
    playExperiment: (name: string) => ask('/experiments', { name }),
    stopExperiment: () => ask('/experiments/stop'),
    undo: (id: number) => ask(`/actions/${id}/undo`),
  };
}
