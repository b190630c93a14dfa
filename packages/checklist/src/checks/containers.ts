/** Checks of each container by itself. */
import { type Check, eachContainer, fail, type Inspected, pass, serviceOf } from '../facts.ts';

export const memoryLimits: Check = {
  title: 'each container has a memory limit',
  where: 'infra/*/compose.yml: mem_limit',
  run: ({ containers }) =>
    eachContainer(containers, ({ HostConfig }) => (HostConfig.Memory ?? 0) > 0, {
      fine: 'one that leaks is ended, the others are not',
      wrong: 'may take all of the machine’s memory',
    }),
};

export const healthChecks: Check = {
  title: 'each container has a health check, and is healthy',
  where: 'infra/*/compose.yml: healthcheck',
  run: ({ containers }) => {
    const without = containers.filter(({ Config }) => (Config.Healthcheck?.Test?.[0] ?? 'NONE') === 'NONE');
    const ill = containers.filter(({ State }) => State.Health && State.Health.Status !== 'healthy');
    const named = (list: Inspected[]) => [...new Set(list.map(serviceOf))].join(', ');
    const faults = [
      without.length > 0 && `no health check: ${named(without)}`,
      ill.length > 0 && `not healthy now: ${named(ill)}`,
    ].filter(Boolean);
    return faults.length > 0 ? fail(faults.join('; ')) : pass(`all ${containers.length} are healthy`);
  },
};

export const restarts: Check = {
  title: 'a container that crashes is started again',
  where: 'infra/hardened.yml: restart',
  run: ({ containers }) =>
    eachContainer(
      containers,
      ({ HostConfig }) =>
        ['always', 'unless-stopped', 'on-failure'].includes(HostConfig.RestartPolicy?.Name ?? 'no'),
      { fine: 'the engine does so', wrong: 'stays down' },
    ),
};

export const logRotation: Check = {
  title: 'logs cannot fill the disk',
  where: 'infra/hardened.yml: logging',
  run: ({ containers }) =>
    eachContainer(
      containers,
      // Of the engine's log drivers that write files, `local` always rotates, and `json-file` where it is configured
      // to.
      ({ HostConfig: { LogConfig } }) =>
        (LogConfig?.Type ?? 'json-file') !== 'json-file' || Boolean(LogConfig?.Config?.['max-size']),
      { fine: 'each has a largest size', wrong: 'grow without end' },
    ),
};

/** Uses the engine's socket, which belongs to root. */
const mayBeRoot = ['fencer'];
const isRoot = ({ Config }: Inspected) => /^(|0|root)(:|$)/.test(Config.User);

export const privileges: Check = {
  title: 'no container may do more than it has to',
  where: 'infra/hardened.yml',
  run: ({ containers }) =>
    eachContainer(
      containers,
      (container) => {
        const { ReadonlyRootfs, CapDrop, SecurityOpt } = container.HostConfig;
        const cannotGain = SecurityOpt?.some((option) => /^no-new-privileges(:true)?$/.test(option));
        const allowed = !isRoot(container) || mayBeRoot.includes(serviceOf(container));
        return ReadonlyRootfs === true && CapDrop?.includes('ALL') === true && cannotGain === true && allowed;
      },
      {
        fine: `read-only, no capabilities, no new privileges, not root (but ${mayBeRoot.join(', ')})`,
        wrong: 'can write to their image, have capabilities or are root',
      },
    ),
};

const holdsEngine = ({ Mounts }: Inspected) => Mounts.some(({ Source }) => /docker\.sock$/.test(Source));

export const exposure: Check = {
  title: 'only the edges are reachable, and only the fencer controls the engine',
  where: 'infra/edge/compose.yml: ports; infra/fencer/compose.yml: volumes',
  run: ({ containers }) =>
    eachContainer(
      containers,
      (container) => {
        const service = serviceOf(container);
        const publishes = Object.values(container.HostConfig.PortBindings ?? {}).flat().length > 0;
        return (
          (!publishes || /^edge-\d+$/.test(service)) && (!holdsEngine(container) || service === 'fencer')
        );
      },
      {
        fine: 'no other publishes a port or mounts its socket',
        wrong: 'publish a port or mount the engine’s socket',
      },
    ),
};
