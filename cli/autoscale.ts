import { parse } from '@lukeed/ms';
import { defaultBehavior } from '@shop/autoscaler/behavior.ts';
import { metricNamed, metrics } from '@shop/autoscaler/metrics.ts';
import { autoscale } from '@shop/autoscaler/run.ts';
import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { closingText } from '@shop/command/help.ts';
import { topologyNamed } from '@shop/docker/named-topology.ts';
import { oneAtATime } from '@shop/docker/one-at-a-time.ts';
import { isRunning, shopTopology } from '@shop/docker/topology.ts';
import { Command, InvalidArgumentError, Option } from 'commander';

type Options = {
  min: number;
  max: number;
  metric: string;
  target: number;
  tolerance: number;
  interval: number;
  stabilization: number;
  project: string;
};

const replicas = (text: string) => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(text);
};
const amount = (text: string) => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above zero.');
  return value;
};
const time = (text: string) => {
  const ms = parse(text);
  if (ms === undefined || ms < 0) throw new InvalidArgumentError('It must be a time, such as 15s or 5m.');
  return ms;
};

/** How long a new replica may take until it serves: as long as in a deployment. */
const readyTimeoutMs = 60_000;

new Command('npm run autoscale --')
  .description(
    'Starts and drains replicas of the API by the rule of Kubernetes’ HorizontalPodAutoscaler, until Ctrl-C: ' +
      'replicas = ceil(present × average / target). The figures come from Prometheus. No request fails when a replica ' +
      'ends.',
  )
  .option('--min <replicas>', 'never fewer', replicas, 2)
  .option('--max <replicas>', 'never more', replicas, 6)
  .option('--metric <name>', metrics.map(({ name, what }) => `${name}: ${what}`).join('; '), 'cpu')
  .option(
    '--target <number>',
    'the average that each replica should have, in the unit of the metric',
    amount,
    0.5,
  )
  .option('--tolerance <share>', 'how far from the target is close enough', amount, 0.1)
  .addOption(
    new Option('--interval <time>', 'how often to decide; Prometheus measures every 15 s')
      .argParser(time)
      .default(15_000, '15s'),
  )
  .addOption(
    new Option('--stabilization <time>', 'down only to what was needed within this time')
      .argParser(time)
      .default(defaultBehavior.scaleDown.stabilizationSeconds * 1000, '5m'),
  )
  .option('--project <name>', 'the topology to scale', shopTopology().project)
  .addHelpText(
    'after',
    closingText(
      'Each line shows the measured average, the number that the rule recommends, and the action. Ctrl-C leaves the ' +
        'replicas as they are; `docker compose up -d --scale api=3` restores the usual three. In 15 s the number at ' +
        'most doubles, or grows by four if that is more. packages/autoscaler/ has the rule of ' +
        'https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/.',
    ),
  )
  .action((options: Options) => run(options).catch(printFailure))
  .parseAsync();

async function run(options: Options): Promise<void> {
  const { min, max, target, tolerance, interval, stabilization } = options;
  const topology = topologyNamed(options.project);
  const metric = metricNamed(options.metric);
  if (min > max)
    throw new ActionableError(`--min ${min} is more than --max ${max}.`, 'choose --min up to --max');
  if (!(await isRunning(topology)))
    throw new ActionableError('The shop is not running.', 'run `npm start` first');
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupt.abort());
  const scaleDown = { ...defaultBehavior.scaleDown, stabilizationSeconds: stabilization / 1000 };
  const say = (line: string) => console.log(`${new Date().toTimeString().slice(0, 8)}  ${line}`);
  say(`api: ${min} to ${max} replicas, so that ${metric.name} is ${target} ${metric.unit} each`);
  // The same lock as `npm run deploy`: both commands start and drain replicas of the API.
  await oneAtATime({ ...topology, project: `${topology.project}-deployment` }, () =>
    autoscale(topology, {
      ...{ service: 'api', metric, min, max, target, tolerance, readyTimeoutMs, say },
      intervalMs: interval,
      behavior: { ...defaultBehavior, scaleDown },
      signal: interrupt.signal,
    }),
  );
  say('Ended; the replicas stay as they are.');
}
