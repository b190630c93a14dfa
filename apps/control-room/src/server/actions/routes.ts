import { type BalancingMethod, balancingMethods } from '@shop/docker/balancing-methods.ts';
import type { FastifyInstance } from 'fastify';
import {
  type ActionOnContainer,
  type BrokenBuild,
  brokenBuildNames,
  brokenBuildOn,
} from '../../shared/actions.ts';
import type { Place } from '../../shared/place.ts';
import { mixNames, mostPerSecond, type Shape } from '../../shared/shoppers.ts';
import type { Supervisor } from '../shoppers/supervisor.ts';
import type { Hands } from './hands.ts';
import type { Doable, Timeline } from './timeline.ts';

/** More replicas than that would starve each other on a small machine. */
const mostReplicas = 9;

const object = (properties: Record<string, object>) => ({
  type: 'object',
  required: Object.keys(properties),
  additionalProperties: false,
  properties,
});

type Options = { place: Place; hands: Hands; timeline: Timeline; supervisor: Supervisor };

/** The calls that change something. Each answers 202 with the action; what becomes of it is in the events. */
export function registerActions(app: FastifyInstance, { place, hands, timeline, supervisor }: Options): void {
  const { killOneOfEach, balance, brokenBuild } = hands;

  app.post<{ Params: { id: string }; Body: { action: ActionOnContainer } }>(
    '/containers/:id/actions',
    { schema: { body: object({ action: { enum: place.actions } }) } },
    async ({ params, body }, reply) => {
      const doable = await hands.onContainer(body.action, params.id);
      if (!doable)
        return reply.code(404).send({ message: 'There is no container with that id, and no pod.' });
      return reply.code(202).send(timeline.begin(doable));
    },
  );

  if (killOneOfEach)
    app.post('/one-of-each', async (_, reply) => reply.code(202).send(timeline.begin(killOneOfEach())));

  app.post<{ Body: { count: number } }>(
    '/api-replicas',
    { schema: { body: object({ count: { type: 'integer', minimum: 1, maximum: mostReplicas } }) } },
    async ({ body }, reply) => reply.code(202).send(timeline.begin(await hands.scaleApi(body.count))),
  );

  if (balance)
    app.post<{ Body: { method: BalancingMethod } }>(
      '/balancing',
      { schema: { body: object({ method: { enum: Object.keys(balancingMethods) } }) } },
      async ({ body }, reply) => reply.code(202).send(timeline.begin(balance(body.method))),
    );

  if (brokenBuild)
    app.post<{ Body: { build: BrokenBuild } }>(
      '/broken-build',
      { schema: { body: object({ build: { enum: brokenBuildNames } }) } },
      async ({ body }, reply) => {
        if (brokenBuildOn(timeline.actions))
          return reply.code(409).send({ message: 'A broken build is on: undo it first.' });
        return reply.code(202).send(timeline.begin(brokenBuild(body.build)));
      },
    );

  app.post<{ Params: { id: number } }>(
    '/actions/:id/undo',
    { schema: { params: object({ id: { type: 'integer' } }) } },
    async ({ params }, reply) => {
      const action = timeline.undo(params.id);
      if (!action) return reply.code(409).send({ message: 'This cannot be undone, or not now.' });
      return reply.code(202).send(action);
    },
  );

  const busy = { message: 'The shoppers are starting or stopping: try again when they have done so.' };

  app.post<{ Body: Shape }>(
    '/shoppers',
    {
      schema: {
        body: object({
          perSecond: { type: 'integer', minimum: 1, maximum: mostPerSecond },
          mix: { enum: mixNames },
        }),
      },
    },
    async ({ body }, reply) => {
      if (!supervisor.isReady) return reply.code(409).send(busy);
      return reply.code(202).send(timeline.begin(shaping(supervisor, body)));
    },
  );

  app.post('/shoppers/stop', async (_, reply) => {
    if (supervisor.news.state !== 'shopping')
      return reply.code(409).send({ message: 'No shoppers shop now.' });
    const stopping = { name: 'stop the shoppers', strike: async () => supervisor.stop('you stopped them') };
    return reply.code(202).send(timeline.begin(stopping));
  });
}

/** Starts or shapes the shoppers; the undo of a start is a stop. */
function shaping(supervisor: Supervisor, shape: Shape): Doable {
  const { state, shape: before } = supervisor.news;
  const words = `${shape.perSecond} a second, ${shape.mix} mix`;
  const strike = () => supervisor.shape(shape);
  if (state === 'shopping' && before)
    return { name: `shape the shoppers: ${words}`, strike, undo: () => supervisor.shape(before) };
  const undo = async () => supervisor.stop('you stopped them');
  return { name: `start shoppers: ${words}`, strike, undo };
}
