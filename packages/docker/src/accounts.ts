import { rm, writeFile } from 'node:fs/promises';
import { stateDir } from '@shop/command/folders.ts';
import { readFrom } from './in-container.ts';
import type { Topology } from './topology.ts';

export interface Account {
  role: string;
  email: string;
  password: string;
}

/** Where the demo accounts of a topology are kept on this machine. */
export const accountsFile = (project: string) =>
  `${stateDir}${project === 'shop' ? '' : `${project}-`}accounts.json`;

/** Copies the demo accounts that the `seed` job made out of its volume into .state, and returns them. */
export async function readAccounts(topology: Topology): Promise<Account[]> {
  const accounts = await readFrom(`${topology.project}-seed-1`, '/state/accounts.json');
  await writeFile(accountsFile(topology.project), accounts);
  return JSON.parse(accounts.toString());
}

export async function forgetAccounts(topology: Topology): Promise<void> {
  await rm(accountsFile(topology.project), { force: true });
}
