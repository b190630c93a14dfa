import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import cookies from '@fastify/cookie';
import files from '@fastify/static';
import fastify, { type FastifyInstance } from 'fastify';
import type { Charts } from '../shared/charts.ts';
import type { Experiment } from '../shared/experiments.ts';
import type { Place } from '../shared/place.ts';
import type { News, Snapshot } from '../shared/snapshot.ts';
import { absenceOf } from './absence.ts';
import type { Hands } from './actions/hands.ts';
import { registerActions } from './actions/routes.ts';
import type { Timeline } from './actions/timeline.ts';
import { refusalOf, Sessions } from './callers.ts';
import { registerCharts } from './charts/routes.ts';
import { registerDocuments } from './documents.ts';
import type { Experimenter } from './experiments/experimenter.ts';
import { registerExperiments } from './experiments/routes.ts';
import { securityHeaders } from './security-headers.ts';
import type { Supervisor } from './shoppers/supervisor.ts';
import type { StatementReader } from './statements/reader.ts';
import { registerStatements } from './statements/routes.ts';
import { registerTraces, type Traces } from './traces/routes.ts';

export interface Source {
  /** Calls `listener` with a snapshot each second. @returns what ends that. */
  listen(listener: (snapshot: Snapshot) => void): () => void;
}

export interface AppOptions {
  watch: Source;
  /** It names the parts that are left out below. */
  place: Place;
  /** The last 15 minutes. It may fail. */
  charts?: () => Promise<Charts>;
  statements?: Pick<StatementReader, 'read' | 'plan'>;
  traces?: Traces;
  experiments?: { all: () => Promise<Experiment[]>; experimenter: Experimenter };
  hands: Hands;
  timeline: Timeline;
  supervisor: Supervisor;
  /** The folder of the built page. */
  page: string;
  sessions?: Sessions;
  /** Called with a new link when one was used, for a second browser. */
  onLinkUsed?: () => void | Promise<void>;
}

/**
 * The control room's server. Every request must name the address at which it listens, come from its own page and have a
 * session; a link of the terminal is exchanged for one.
 */
export function buildApp(options: AppOptions): FastifyInstance {
  const { watch, place, charts, statements, traces, experiments, hands, timeline, supervisor } = options;
  const { page, sessions = new Sessions(), onLinkUsed } = options;
  // An open page never ends its request for events: without this, the server would wait for it at its end.
  const app = fastify({ forceCloseConnections: true });
  const originOf = () => app.listeningOrigin;
  // Browsers send a host's cookies to each of its ports: the name keeps two control rooms apart.
  const cookieName = () => `control-room-${new URL(originOf()).port}`;

  app.register(cookies);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    const refusal = refusalOf(request.method, request.headers, originOf());
    if (refusal) return reply.code(403).send(`${refusal}\n`);
    if (request.url.startsWith('/enter?')) return;
    if (sessions.has(request.cookies[cookieName()])) return;
    return reply.code(401).send('Open the link that `npm run control-room` has printed.\n');
  });

  app.addHook('onRequest', async (request, reply) => {
    const absence = absenceOf(request.url, place);
    if (absence) return reply.code(409).send({ message: absence });
  });

  app.get<{ Querystring: { token?: string } }>('/enter', async (request, reply) => {
    const session = sessions.exchange(String(request.query.token));
    if (session) {
      reply.setCookie(cookieName(), session, { httpOnly: true, sameSite: 'strict', path: '/' });
      await onLinkUsed?.();
    } else if (!sessions.has(request.cookies[cookieName()])) {
      return reply.code(401).send('This link was used already: the terminal shows a new one.\n');
    }
    return reply.redirect('/', 303);
  });

  app.get('/events', async (_, reply) => {
    let end = () => {};
    const stream = new Readable({
      read() {},
      // Also when the page is closed.
      destroy(error, done) {
        end();
        done(error);
      },
    });
    // Sends the headers now. A page that lost us tries again after a second.
    stream.push('retry: 1000\n\n');
    const endWatch = supervisor.watch();
    const endListening = watch.listen((snapshot) => {
      // A page that is slower than a second leaves out what is old.
      if (stream.readableLength > 0) return;
      const experiment = experiments?.experimenter.news;
      const news: News = {
        ...snapshot,
        place,
        actions: timeline.actions,
        shoppers: supervisor.news,
        ...(experiment && { experiment }),
      };
      stream.push(`data: ${JSON.stringify(news)}\n\n`);
    });
    end = () => {
      endListening();
      endWatch();
    };
    return reply.type('text/event-stream').send(stream);
  });

  registerDocuments(app, () => readFile(join(page, 'document.html'), 'utf8'));
  if (charts) registerCharts(app, charts);
  if (statements) registerStatements(app, statements);
  if (traces) registerTraces(app, traces);
  registerActions(app, { place, hands, timeline, supervisor });
  if (experiments) registerExperiments(app, { ...experiments, timeline });
  app.addHook('onClose', async () => {
    supervisor.close();
    await experiments?.experimenter.close();
    await timeline.endBrokenBuild();
  });
  app.register(files, { root: page, cacheControl: false });
  return app;
}
