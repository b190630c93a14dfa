import type { FastifyInstance } from 'fastify';
import type { Experiment } from '../../shared/experiments.ts';
import type { Timeline } from '../actions/timeline.ts';
import type { Experimenter } from './experimenter.ts';

type Options = {
  /** Everything that a page may start. */
  all: () => Promise<Experiment[]>;
  experimenter: Experimenter;
  timeline: Timeline;
};

/** The list of labs and scenarios, and the calls that start and stop one of them. Its progress is in the events. */
export function registerExperiments(app: FastifyInstance, { all, experimenter, timeline }: Options): void {
  app.get('/experiments', all);

  const named = { type: 'object', required: ['name'], additionalProperties: false };
  app.post<{ Body: { name: string } }>(
    '/experiments',
    { schema: { body: { ...named, properties: { name: { type: 'string' } } } } },
    async ({ body }, reply) => {
      const found = (await all()).find(({ name }) => name === body.name);
      if (!found) return reply.code(404).send({ message: 'There is no such lab or scenario.' });
      if (experimenter.isBusy)
        return reply.code(409).send({ message: 'One runs already: wait for its end, or stop it.' });
      return reply.code(202).send(timeline.begin(experimenter.playing(found)));
    },
  );

  app.post('/experiments/stop', async (_, reply) => {
    if (!experimenter.stop()) return reply.code(409).send({ message: 'No lab or scenario runs now.' });
    return reply.code(202).send({});
  });
}
