import { readFile, rm } from 'node:fs/promises';
import { command } from '@shop/command/command.ts';
import { stateDir } from '@shop/command/folders.ts';
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
  const file = accountsFile(topology.project);
  await command('docker', ['cp', `${topology.project}-seed-1:/state/accounts.json`, file]);
  return JSON.parse(await readFile(file, 'utf8'));
}

export async function forgetAccounts(topology: Topology): Promise<void> {
  await rm(accountsFile(topology.project), { force: true });
}
