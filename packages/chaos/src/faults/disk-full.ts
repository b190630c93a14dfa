import { project } from '@shop/shop-client/topology-under-test.ts';
import { execa } from 'execa';
import { docker, queryNode, running } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

const dataDirectory = '/var/lib/postgresql';
const filler = `${dataDirectory}/filler`;
const smallDisk = 'small-disk';
/** The test topology's data are half of it. */
const sizeMiB = 700;

/**
 * Lets `body` run while a database node has a disk that can be filled without filling the machine's: a volume in memory
 * that holds so much and no more. The node comes to it and goes from it as one does whose disk was replaced: it copies
 * everything from the primary, and afterwards catches up from its old data.
 */
export async function withSmallDisk(node: string, body: () => Promise<void>): Promise<void> {
  const volume = {
    driver: 'local',
    driver_opts: { type: 'tmpfs', device: 'tmpfs', o: `size=${sizeMiB}m,uid=7102,mode=0700` },
  };
  // What lies on it counts as the container's memory.
  const service = { volumes: [`${smallDisk}:${dataDirectory}`], mem_limit: `${512 + sizeMiB}m` };
  const onSmallDisk = { services: { [node]: service }, volumes: { [smallDisk]: volume } };
  try {
    await recreate(node, ['--file', 'docker-compose.yml', '--file', '-'], JSON.stringify(onSmallDisk));
    await body();
  } finally {
    await recreate(node, []);
    await docker('volume', 'rm', '--force', `${project}_${smallDisk}`);
  }
}

async function recreate(node: string, files: string[], input = ''): Promise<void> {
  const up = ['up', '--detach', '--no-deps', '--no-build', '--wait', node];
  await execa('docker', ['compose', '--project-name', project, ...files, ...up], { input });
}

/** Makes the node the primary, in the orderly way; it must stream. */
export async function switchOver(node: string): Promise<void> {
  const [container] = await running(node);
  await docker('exec', container!.id, 'patronictl', 'switchover', 'shop', '--candidate', node, '--force');
}

/**
 * Fills the disk of a primary, and writes until its write-ahead log has used up what was set aside for it: then Postgres
 * gives up, as it would some megabytes of orders later. Only inside `withSmallDisk`.
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

/** Uses up one segment of the log. @returns false once the node is a primary no more. @throws when it is gone. */
async function writeSegment(node: string): Promise<boolean> {
  const [row] = await queryNode(node, 'SELECT pg_is_in_recovery()');
  if (row?.[0] !== 'f') return false;
  await queryNode(node, "SELECT pg_logical_emit_message(false, 'full', ''), pg_switch_wal()");
  return true;
}

async function inNode(node: string, script: string): Promise<void> {
  const [container] = await running(node);
  await docker('exec', container!.id, 'sh', '-c', script);
}
