import { cpus, totalmem } from 'node:os';
import { root } from '@shop/command/folders.ts';
import { execa } from 'execa';

/** The origin of figures: with it a reader can repeat the measurement, and judge what it means elsewhere. */
export type Provenance = {
  /** As a person would type it. */
  command: string;
  /** Abbreviated. */
  commit: string;
  /** Whether files that Git knows differed from the commit. */
  dirty: boolean;
  machine: { cores: number; processor: string; memoryGiB: number };
  /** Node's version, as `24.11.1`. */
  node: string;
  /** The day, as `2026-11-28`. */
  date: string;
};

/** Reads the commit of the repository and this machine. @throws when Git does not answer. */
export async function provenanceOf(command: string): Promise<Provenance> {
  const described = await execa('git', ['describe', '--always', '--dirty', '--exclude=*'], { cwd: root });
  return {
    command,
    commit: described.stdout.replace(/-dirty$/, ''),
    dirty: described.stdout.endsWith('-dirty'),
    machine: {
      cores: cpus().length,
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      memoryGiB: Math.round(totalmem() / 2 ** 30),
    },
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** The commit as Git names it: `a405463`, or `a405463-dirty` with uncommitted changes. */
export function commitName({ commit, dirty }: Pick<Provenance, 'commit' | 'dirty'>): string {
  return dirty ? `${commit}-dirty` : commit;
}

/** The machine in a few words: `2 cores (AMD EPYC), 24 GiB`. */
export function machineName({ cores, processor, memoryGiB }: Provenance['machine']): string {
  return `${cores} cores (${processor}), ${memoryGiB} GiB`;
}

/** One line of Markdown for the head of a report, without a full stop. */
export function provenanceLine(provenance: Provenance): string {
  const { command, machine, node, date } = provenance;
  return `\`${command}\`, commit ${commitName(provenance)}, ${date}, Node ${node}, ${machineName(machine)}`;
}
