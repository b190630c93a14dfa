import { kubeconfig } from '@shop/cluster/own-cluster.ts';
import { expect, test } from 'vitest';
import { accessOf, commandLine, type Options } from './wanted.ts';

/** What a command line asks for. @throws when Commander refuses it. */
function wanted(...words: string[]): Options {
  const command = commandLine()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse(words, { from: 'user' }).opts();
}

test('the shop under compose is shown if no cluster is named', () => {
  expect(wanted()).toMatchObject({ project: 'shop', port: 8090 });
  expect(accessOf(wanted())).toBeUndefined();
  expect(accessOf(wanted('--project', 'shop-test', '--port', '0'))).toBeUndefined();
});

test('--kubernetes is the cluster in containers, and --context one that is there', () => {
  expect(accessOf(wanted('--kubernetes'))).toEqual({ kubeconfig, namespace: 'shop' });
  expect(accessOf(wanted('--context', 'kind'))).toEqual({ context: 'kind', namespace: 'shop' });
  expect(accessOf(wanted('--kubernetes', '--context', 'kind', '--namespace', 'store'))).toEqual({
    context: 'kind',
    namespace: 'store',
  });
  expect(accessOf(wanted('--namespace', 'store'))).toEqual({ kubeconfig, namespace: 'store' });
});

test.each([
  ['--kubernetes', '--project', 'shop-test'],
  ['--context', 'kind', '--project', 'shop'],
  ['--kubernetes', '--background'],
  ['--port', '70000'],
  ['--port', 'http'],
])('%s %s %s is refused', (...words) => {
  expect(() => wanted(...words.filter((word) => word !== undefined))).toThrow();
});
