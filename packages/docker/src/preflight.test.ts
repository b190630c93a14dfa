import { expect, test } from 'vitest';
import { problemsOf } from './preflight.ts';

const GiB = 1024 ** 3;
const roomy = {
  availableMemoryBytes: 8 * GiB,
  freeDiskBytes: 50 * GiB,
  diskPath: '/var/lib/docker',
  takenPorts: [],
};

test('a roomy machine with free ports has no problem', () => {
  expect(problemsOf(roomy)).toEqual([]);
});

test('a taken port is named with its holder, its variable and a port to move to', () => {
  const takenPorts = [{ port: 8081, holder: 'the process nginx (pid 7)', variable: 'SHOP_HTTP_PORT_2' }];
  const [problem, ...others] = problemsOf({ ...roomy, takenPorts });
  expect(others).toEqual([]);
  expect(problem?.what).toContain('8081');
  expect(problem?.what).toContain('nginx (pid 7)');
  expect(problem?.hint).toContain('SHOP_HTTP_PORT_2=9081');
});

test('too little memory is told with what there is and what is needed', () => {
  const [problem] = problemsOf({ ...roomy, availableMemoryBytes: 1.5 * GiB });
  expect(problem?.what).toContain('1.5 GiB');
  expect(problem?.what).toContain('4.0 GiB');
});

test('too little disk is told with the folder that it is about', () => {
  const [problem] = problemsOf({ ...roomy, freeDiskBytes: 3 * GiB, diskPath: '/data/docker' });
  expect(problem?.what).toContain('3.0 GiB');
  expect(problem?.what).toContain('/data/docker');
});

test('several problems are told at once', () => {
  expect(problemsOf({ ...roomy, availableMemoryBytes: GiB, freeDiskBytes: GiB })).toHaveLength(2);
});
