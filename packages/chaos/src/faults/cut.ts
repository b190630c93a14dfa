import { type Container, docker } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/** How a container hangs on one network: its names there, and its address where the compose file fixes one. */
type Attachment = { Aliases: string[] | null; IPAMConfig: { IPv4Address?: string } | null };

async function attachmentsOf(container: Container): Promise<Record<string, Attachment>> {
  return JSON.parse(await docker('inspect', '--format', '{{json .NetworkSettings.Networks}}', container.id));
}

/**
 * Pulls the container's cables: it is taken off all its networks while everything inside runs on. Nothing is closed,
 * and neither side is told. The undo gives each network back, with the names and the fixed address that it had there.
 */
export function cut(container: Container): Fault {
  let before: Record<string, Attachment> = {};
  return {
    name: `${container.name} cut off`,
    async strike() {
      before = await attachmentsOf(container);
      await Promise.all(
        Object.keys(before).map((network) => docker('network', 'disconnect', network, container.id)),
      );
    },
    async undo() {
      const now = await attachmentsOf(container);
      for (const [network, attachment] of Object.entries(before)) {
        if (!(network in now)) await connect(container, network, attachment);
      }
    },
  };
}

async function connect(container: Container, network: string, attachment: Attachment): Promise<void> {
  const address = attachment.IPAMConfig?.IPv4Address;
  await docker(
    'network',
    'connect',
    ...(address ? ['--ip', address] : []),
    ...(attachment.Aliases ?? []).flatMap((alias) => ['--alias', alias]),
    network,
    container.id,
  );
}
