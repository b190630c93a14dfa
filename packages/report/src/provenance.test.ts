import { execa } from 'execa';
import { expect, test } from 'vitest';
import { commitName, type Provenance, provenanceLine, provenanceOf } from './provenance.ts';

const made: Provenance = {
  command: 'npm run bench -- --rounds 3',
  commit: 'a405463',
  dirty: false,
  machine: { cores: 2, processor: 'AMD EPYC', memoryGiB: 24 },
  node: '24.11.1',
  date: '2026-11-28',
};

test('one line names command, commit, day, Node and machine', () => {
  expect(provenanceLine(made)).toBe(
    '`npm run bench -- --rounds 3`, commit a405463, 2026-11-28, Node 24.11.1, 2 cores (AMD EPYC), 24 GiB',
  );
});

test('figures of changed files do not pass for figures of the commit', () => {
  expect(commitName({ ...made, dirty: true })).toBe('a405463-dirty');
  expect(provenanceLine({ ...made, dirty: true })).toContain('commit a405463-dirty,');
});

test('commit and dirty are what Git says of this repository', async () => {
  const { commit, dirty, machine, node, command } = await provenanceOf('npm test');
  const head = await execa('git', ['rev-parse', 'HEAD']);
  const changes = await execa('git', ['status', '--porcelain', '--untracked-files=no']);
  expect(head.stdout.startsWith(commit)).toBe(true);
  expect(commit).toMatch(/^[0-9a-f]{7,40}$/);
  expect(dirty).toBe(changes.stdout !== '');
  expect(machine.cores).toBeGreaterThan(0);
  expect(machine.memoryGiB).toBeGreaterThan(0);
  expect(node).toBe(process.versions.node);
  expect(command).toBe('npm test');
});
