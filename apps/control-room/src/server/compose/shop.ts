import { databaseNodes } from '@shop/chaos/topology/topology.ts';
import { listContainers } from '@shop/docker/engine-api.ts';
import { askPrometheus } from '@shop/docker/prometheus.ts';
import { edgeOrigins, type Topology } from '@shop/docker/topology.ts';
import { slowestRequests, spansOfRequest } from '@shop/docker/traces.ts';
import { actionsUnderCompose } from '../../shared/actions.ts';
import { ChartReader } from '../charts/reader.ts';
import { allExperiments } from '../experiments/catalogue.ts';
import { startCommand } from '../experiments/command.ts';
import { Experimenter } from '../experiments/experimenter.ts';
import type { Shop } from '../shop.ts';
import { explain, readCounts } from '../statements/database.ts';
import { StatementReader } from '../statements/reader.ts';
import { handsOn } from './hands.ts';
import { questionsAbout } from './questions.ts';

/** The shop as containers of a compose project. */
export function shopOf(topology: Topology): Shop {
  const { project } = topology;
  const chartReader = new ChartReader({
    project,
    list: () => listContainers(project),
    ask: (path) => askPrometheus(topology, path),
  });
  return {
    place: { kind: 'compose', name: project, actions: actionsUnderCompose, absent: {} },
    questions: questionsAbout(topology),
    hands: handsOn(topology),
    edges: edgeOrigins(topology),
    charts: () => chartReader.read(),
    statements: new StatementReader({ nodes: databaseNodes, counts: readCounts, explain }),
    traces: {
      slowest: () => slowestRequests(topology),
      ofRequest: (id) => spansOfRequest(topology, id),
    },
    experiments: {
      all: allExperiments,
      experimenter: new Experimenter((experiment) => startCommand(experiment, project)),
    },
  };
}
