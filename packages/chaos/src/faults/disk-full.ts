import { removeVolume } from '@shop/docker/engine-api.ts';
import { execIn } from '@shop/docker/in-container.ts';
import { project } from '@shop/shop-client/topology-under-test.ts';
import { compose, queryNode, running } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

const dataDirectory = '/var/lib/postgresql';
const filler = `${dataDirectory}/filler`;
const smallDisk = 'small-disk';
/** The data of the test topology take half of it. */
const sizeMiB = 700;

/**
 * Runs `body` while a database node has a disk that can be filled without filling the machine's: a volume in memory
 * with a fixed size. The node behaves as after a replacement of its disk: it copies everything from the primary.
 * Afterwards it returns to its old disk and catches up from the data there.
 */
export async function withSmallDisk(node: string, body: () => Promise<void>): Promise<void> {
  const volume = {
    driver: 'local',
    driver_opts: { type: 'tmpfs', device: 'tmpfs', o: `size=${sizeMiB}m,uid=7102,mode=0700` },
  };
  // The contents of this volume count as the container's memory.
  const service = { volumes: [`${smallDisk}:${dataDirectory}`], mem_limit: `${512 + sizeMiB}m` };
  const onSmallDisk = { services: { [node]: service }, volumes: { [smallDisk]: volume } };
  try {
    await recreate(node, ['--file', 'docker-compose.yml', '--file', '-'], JSON.stringify(onSmallDisk));
    await body();
  } finally {
    await recreate(node, []);
    await removeVolume(`${project}_${smallDisk}`);
  }
}

async function recreate(node: string, files: string[], input?: string): Promise<void> {
  await compose([...files, 'up', '--detach', '--no-deps', '--no-build', '--wait', node], {}, input);
}

/**
 * Fills the disk of a primary, and writes until its write-ahead log has used up the space that was reserved for it.
 * Then Postgres stops, as it would some megabytes of orders later. Only inside `withSmallDisk`.
 */
export function diskFull(node: string): Fault {
  return {
    name: `disk of ${node} full`,
    async strike() {
      await inNode(node, `cat /dev/zero >${filler} 2>/dev/null; test -s ${filler}`);
      for (let segment = 0; segment < 64; segment += 1) {
        const wrote = await writeSegment(node).catch(() => false);
        if (!wrote) return;
      }
      throw new Error(`${node} goes on writing although its disk is full`);
    },
    async undo() {
      await inNode(node, `rm -f ${filler}`);
    },
  };
}

/** Uses up one segment of the log. @returns false once the node is no longer the primary. @throws when it is gone. */
async function writeSegment(node: string): Promise<boolean> {
  const [row] = await queryNode(node, 'SELECT pg_is_in_recovery()');
  if (row?.[0] !== 'f') return false;
  await queryNode(node, "SELECT pg_logical_emit_message(false, 'full', ''), pg_switch_wal()");
  return true;
}

async function inNode(node: string, script: string): Promise<void> {
  const [container] = await running(node);
  await execIn(container!.id, 'sh', '-c', script);
}
