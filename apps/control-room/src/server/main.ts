import { postNotice, readNotice } from '@shop/browser/control-room-notice.ts';
import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { command } from '@shop/command/command.ts';
import { closingText } from '@shop/command/help.ts';
import { listContainers } from '@shop/docker/engine-api.ts';
import { environmentOfTests } from '@shop/docker/environment-of-tests.ts';
import { topologyNamed } from '@shop/docker/named-topology.ts';
import { askPrometheus } from '@shop/docker/prometheus.ts';
import { edgeOrigins, isRunning, shopTopology } from '@shop/docker/topology.ts';
import { slowestRequests, spansOfRequest } from '@shop/docker/traces.ts';
import closeWithGrace from 'close-with-grace';
import { Command, InvalidArgumentError, Option } from 'commander';
import { Timeline } from './actions/timeline.ts';
import { buildApp } from './app.ts';
import { openInBackground } from './background.ts';
import { Sessions } from './callers.ts';
import { ChartReader } from './charts/reader.ts';
import { Experimenter } from './experiments/experimenter.ts';
import { StatementReader } from './statements/reader.ts';
import { Watch } from './watch.ts';

/** Enough to replace every replica: a broken build is switched off at the end. */
const closeMs = 300_000;

type Options = { project: string; port: number; background?: boolean; posted?: boolean };

const port = (text: string) => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  return Number(text);
};

new Command('npm run control-room --')
  .description(
    'Shows the running shop in a browser, each container new every second, and strikes those that you choose.',
  )
  .option('--project <name>', 'the topology to show', shopTopology().project)
  .option('--port <number>', 'the port of 127.0.0.1 to listen at; 0 takes a free one', port, 8090)
  .option('--background', 'leave it running behind the terminal until `npm stop`, as `npm start` does')
  .addOption(new Option('--posted', 'tells other commands that it runs in the background').hideHelp())
  .addHelpText(
    'after',
    closingText(
      'The link works once; then the command prints the next one. It also prints each action of the page. Ctrl-C ends ' +
        'the control room and leaves the containers as they are, but switches a broken build off and stops a lab or a ' +
        'scenario that runs.',
    ),
  )
  .action((options: Options, command: Command) => begin(options, command).catch(printFailure))
  .parseAsync();

async function begin(options: Options, command: Command): Promise<void> {
  const { project, port, background } = options;
  const present = await readNotice(project);
  const others = background || command.getOptionValueSource('port') === 'default';
  if (present && others) return console.log(openText(project, present.link, 'until `npm stop`'));
  if (!background) return open(options);
  const link = await openInBackground(project, ['--project', project, '--port', String(port), '--posted']);
  console.log(openText(project, link, 'until `npm stop`'));
}

const openText = (project: string, link: string, until: string) =>
  `The control room of "${project}" is open to you alone, ${until}:\n\n  ${link}\n`;

async function open({ project, port, posted }: Options): Promise<void> {
  const topology = topologyNamed(project);
  if (!(await isRunning(topology)))
    throw new ActionableError(`The topology "${project}" is not running.`, 'run `npm start` first');
  const notice = posted ? await postNotice(project) : undefined;
  // Without a change of the page, this takes the files of the last build.
  await command('turbo', ['run', 'build', '--filter=@shop/control-room', '--output-logs=errors-only']);
  // Set before the first import of the chaos harness, which reads the topology's name when it is loaded.
  Object.assign(process.env, environmentOfTests(topology));
  const { databaseNodes } = await import('@shop/chaos/topology/topology.ts');
  const { questionsAbout } = await import('./questions.ts');
  const { handsOn } = await import('./actions/hands.ts');
  const { allExperiments } = await import('./experiments/catalogue.ts');
  const { startCommand } = await import('./experiments/command.ts');
  const { Supervisor } = await import('./shoppers/supervisor.ts');
  const { explain, readCounts } = await import('./statements/database.ts');

  const sessions = new Sessions();
  const showLink = async (say: (link: string) => string) => {
    const link = `${app.listeningOrigin}/enter?token=${sessions.link}`;
    console.log(say(link));
    await notice?.show(link);
  };
  const supervisor = new Supervisor({ edges: edgeOrigins(topology) });
  const log = (line: string) => console.log(`${new Date().toTimeString().slice(0, 8)}  ${line}`);
  const chartReader = new ChartReader({
    project,
    list: () => listContainers(project),
    ask: (path) => askPrometheus(topology, path),
  });
  const app = buildApp({
    watch: new Watch(questionsAbout(topology)),
    charts: () => chartReader.read(),
    experiments: allExperiments,
    experimenter: new Experimenter((experiment) => startCommand(experiment, project)),
    statements: new StatementReader({ nodes: databaseNodes, counts: readCounts, explain }),
    traces: {
      slowest: () => slowestRequests(topology),
      ofRequest: (id) => spansOfRequest(topology, id),
    },
    hands: handsOn(topology),
    timeline: new Timeline(log, (fault) => supervisor.struck(fault)),
    supervisor,
    page: new URL('../../dist', import.meta.url).pathname,
    sessions,
    onLinkUsed: () => showLink((link) => `That link is used. For another browser:\n\n  ${link}\n`),
  });
  // Loopback alone: this server shows what the container engine tells, and strikes containers.
  await app.listen({ host: '127.0.0.1', port }).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new ActionableError(`Port ${port} is in use.`, 'choose another one: --port 0 takes a free one');
  });
  closeWithGrace({ delay: closeMs }, async () => {
    await app.close();
    await notice?.remove();
  });
  await showLink((link) => openText(project, link, 'until Ctrl-C'));
}
