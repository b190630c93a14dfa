import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { actionsUnderCompose } from '../../shared/actions.ts';
import type { Charts } from '../../shared/charts.ts';
import type { Experiment } from '../../shared/experiments.ts';
import type { Place } from '../../shared/place.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { Timeline } from '../actions/timeline.ts';
import { buildApp } from '../app.ts';
import { Sessions } from '../callers.ts';
import type { Running } from '../experiments/command.ts';
import { Experimenter } from '../experiments/experimenter.ts';
import { Supervisor } from '../shoppers/supervisor.ts';
import type { StatementReader } from '../statements/reader.ts';
import type { Traces } from '../traces/routes.ts';
import { ToldProcess } from './told-process.ts';

const everything: Place = { kind: 'compose', name: 'shop', actions: actionsUnderCompose, absent: {} };

/**
 * The real server on a free port of 127.0.0.1, without a topology: tests send the snapshots, and `struck` has the faults
 * and undos that the server has caused. There is one container, `known`.
 *
 * @param charts what the server has instead of Prometheus.
 * @param statements what it has instead of database nodes.
 * @param traces what it has instead of the store of traces.
 * @param place is compose with all its parts, if it is left out.
 * @param start starts an experiment. There are two, `01-lab` and `scenario`.
 */
export async function openApp({
  charts = async (): Promise<Charts> => ({ times: [], charts: [] }),
  statements = {} as Pick<StatementReader, 'read' | 'plan'>,
  traces = {} as Traces,
  place = everything,
  start = (_: Experiment): Running => {
    throw new Error('this test starts nothing');
  },
} = {}) {
  const sessions = new Sessions();
  const told = new ToldProcess();
  const supervisor = new Supervisor({ edges: ['http://localhost:8080'], begin: () => told });
  const timeline = new Timeline(undefined, (fault) => supervisor.struck(fault));
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const struck: string[] = [];
  const links = { used: 0 };
  const doable = (name: string) => ({
    name,
    isFault: name.startsWith('kill'),
    strike: async () => void struck.push(name),
    undo: async () => void struck.push(`undo ${name}`),
  });
  const app = buildApp({
    watch: {
      listen(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    place,
    charts,
    statements,
    traces,
    experiments: {
      all: async () => [
        { kind: 'lab', name: '01-lab', says: 'A question?' },
        { kind: 'scenario', name: 'scenario', says: 'a claim' },
      ],
      experimenter: new Experimenter(start),
    },
    hands: {
      onContainer: async (action, id) => (id === 'known' ? doable(`${action} ${id}`) : undefined),
      killOneOfEach: () => doable('kill one of each'),
      scaleApi: async (count) => doable(`scale ${count}`),
      balance: (method) => doable(`balance ${method}`),
      brokenBuild: (build) => ({ ...doable(`build ${build}`), build }),
    },
    timeline,
    supervisor,
    sessions,
    // Any folder with a file: the page itself is built later.
    page: fileURLToPath(new URL('.', import.meta.url)),
    onLinkUsed: () => {
      links.used++;
    },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });

  /** Sends any header and follows no redirect, unlike a browser. */
  const call = (
    path: string,
    headers: Record<string, string> = {},
    body?: unknown,
  ): Promise<IncomingMessage> =>
    new Promise((answered, failed) => {
      const method = body === undefined ? 'GET' : 'POST';
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      request(`${app.listeningOrigin}${path}`, { method, headers: { ...type, ...headers } }, answered)
        .on('error', failed)
        .end(body === undefined ? undefined : JSON.stringify(body));
    });

  /** Opens the link that the terminal shows. @returns the `cookie` header. */
  const enter = async (): Promise<string> => {
    const { headers } = await call(`/enter?token=${sessions.link}`);
    return headers['set-cookie']![0]!.split(';')[0]!;
  };

  /** A call of the page itself. @returns the status and the answer's JSON. */
  const post = async (
    path: string,
    body: unknown,
  ): Promise<[number | undefined, Record<string, unknown>]> => {
    const answer = await call(path, { cookie: await enter(), origin: app.listeningOrigin }, body);
    return [answer.statusCode, JSON.parse(await text(answer))];
  };

  return { app, place, sessions, timeline, supervisor, told, listeners, struck, links, call, enter, post };
}
