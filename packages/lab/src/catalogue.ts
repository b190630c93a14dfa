import { glob } from 'node:fs/promises';
import { basename } from 'node:path';
import { ActionableError } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import type { Lab } from './lab.ts';

/** A lab and the name of its folder, such as `02-horizontal`. */
export type NamedLab = { name: string; lab: Lab };

/** All labs, in the order of their numbers: each folder below `labs/` that has a `lab.ts`. */
export async function allLabs(): Promise<NamedLab[]> {
  const folders: string[] = [];
  for await (const folder of glob('labs/[0-9]*', { cwd: root })) folders.push(folder);
  return await Promise.all(
    folders.sort().map(async (folder) => ({
      name: basename(folder),
      lab: (await import(`${root}${folder}/lab.ts`)).default as Lab,
    })),
  );
}

/**
 * Labs that `npm test` leaves out. 02-horizontal warms its boxes for a minute, and on two cores its number was below its bound
 * before it did. 03-strategies finds its rate in a new way, and has not been played often enough since.
 */
const leftOutOfTests = ['02-horizontal', '03-strategies'];

/** Labs for which `npm test` has no time, or which were not yet played often enough on a quiet machine. */
const tooLongForTests = [
  '00-realistic-path',
  '09-hidden-state',
  '10-cdn',
  '11-autoscaling',
  '14-replica',
  '16-shards',
  '17-bottleneck',
  '19-queues',
  '20-single-points',
  '21-discovery',
  '22-capacity',
];

/** The labs that `npm test` plays. */
export async function labsOfTests(): Promise<NamedLab[]> {
  return (await allLabs()).filter(({ name }) => ![...leftOutOfTests, ...tooLongForTests].includes(name));
}

/**
 * The labs that an argument names: by number (`02`, `2`), by name (`horizontal`), by both, or `all`.
 *
 * @throws ActionableError when it names none.
 */
export function labsNamed(wanted: string, labs: NamedLab[]): NamedLab[] {
  if (wanted === 'all') return labs;
  const found = labs.filter(({ name }) => {
    const [number = ''] = name.split('-');
    return wanted === name || wanted.padStart(2, '0') === number || name === `${number}-${wanted}`;
  });
  if (found.length > 0) return found;
  throw new ActionableError(`There is no lab "${wanted}".`, '`npm run lab` lists the labs');
}
