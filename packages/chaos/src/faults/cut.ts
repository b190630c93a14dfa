import { engine, container as ofEngine } from '@shop/docker/engine-api.ts';
import type { Container } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/** The connection of a container to one network: its names there, and its address where the compose file fixes one. */
type Attachment = { Aliases?: string[] | null; IPAMConfig?: { IPv4Address?: string } | null };

async function attachmentsOf({ id }: Container): Promise<Record<string, Attachment>> {
  return (await ofEngine(id).inspect()).NetworkSettings.Networks;
}

/**
 * Cuts a container off: it loses all its networks while everything inside continues to run. No connection is closed,
 * and neither side is told. The undo restores each network, with the names and the fixed address that the container had
 * there.
 */
export function cut(container: Container): Fault {
  let before: Record<string, Attachment> = {};
  return {
    name: `${container.name} cut off`,
    async strike() {
      before = await attachmentsOf(container);
      await Promise.all(
        Object.keys(before).map((network) =>
          engine().getNetwork(network).disconnect({ Container: container.id }),
        ),
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

async function connect({ id }: Container, network: string, attachment: Attachment): Promise<void> {
  const { Aliases, IPAMConfig } = attachment;
  const address = IPAMConfig?.IPv4Address;
  await engine()
    .getNetwork(network)
    .connect({
      Container: id,
      EndpointConfig: { Aliases: Aliases ?? [], IPAMConfig: address ? { IPv4Address: address } : {} },
    });
}
