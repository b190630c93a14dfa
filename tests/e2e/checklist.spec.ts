/** The checklist on the topology itself: what it finds is true of this shop, and it looks at everything. */
import { expect, test } from '@playwright/test';
import { databaseNodes, queryNode } from '@shop/chaos/topology/topology.ts';
import { project } from '@shop/shop-client/topology-under-test.ts';
import { execa } from 'execa';

type Finding = { name: string; outcome: string; why: string; where: string };

test('the checklist passes what the shop promises, and fails what it does not have', async () => {
  // Other tests make thousands of products, search in them and delete them: no shop has such a mean of blocks a call.
  for (const node of databaseNodes) await queryNode(node, 'SELECT pg_stat_statements_reset()');
  const command = ['run', '--silent', 'checklist', '--', '--json', '--project', project];
  const { exitCode, stdout, stderr } = await execa('npm', command, { reject: false });
  expect(exitCode, stderr).toBe(1);
  const findings: Finding[] = JSON.parse(stdout.slice(stdout.indexOf('[')));
  const named = (outcome: string) =>
    findings.filter((finding) => finding.outcome === outcome).map(({ name }) => name);
  console.log(findings.map(({ name, outcome, why }) => `${outcome}  ${name}: ${why}`).join('\n'));
  // When the shop comes to pass one of these checks, its name moves to the list of passed checks.
  expect(named('fail')).toEqual([
    'machines',
    'health-checks',
    'tls-trusted',
    'backups',
    'restore',
    'pinned-images',
  ]);
  expect(findings.find(({ name }) => name === 'health-checks')?.why).toMatch(/^no health check: exporter-/);
  // No shopper need have come before this test.
  expect(named('not checkable').filter((name) => name !== 'slow-queries')).toEqual([]);
  expect(named('pass')).toEqual(
    expect.arrayContaining([
      'redundancy',
      'drains',
      'timeouts',
      'privileges',
      'secrets-in-environment',
      'alerts',
    ]),
  );
});
