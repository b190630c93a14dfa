import type { BalancingMethod } from '@shop/docker/balancing-methods.ts';
import type { ActionOnContainer, BrokenBuild } from '../../shared/actions.ts';
import type { Doable } from './timeline.ts';

/**
 * What can be done to a shop: nothing but this, and only to containers of its project or pods of its namespace.
 *
 * @typeParam Action what its place offers; the server refuses all others.
 */
export interface Hands<Action extends ActionOnContainer = ActionOnContainer> {
  /** @returns `undefined` when there is none with this id. */
  onContainer(action: Action, id: string): Promise<Doable | undefined>;
  /** Kills one container of each kind that has another one. */
  killOneOfEach?(): Doable;
  /** Keeps `count` API replicas. @throws Refusal when so many cannot be kept. */
  scaleApi(count: number): Promise<Doable>;
  /** Changes how both edges choose a replica; no request fails. */
  balance?(method: BalancingMethod): Doable;
  /** Deploys the shop with one mechanism switched off. */
  brokenBuild?(build: BrokenBuild): Doable;
}
