/** Alerts of the running topology: Prometheus fires them, the Alertmanager mails them, and both end with their cause. */
import { expect, test } from '@playwright/test';
import { kill, startAgain } from '@shop/chaos/faults/kill.ts';
import { find } from '@shop/chaos/topology/targets.ts';
import { running } from '@shop/chaos/topology/topology.ts';
import { execIn } from '@shop/docker/in-container.ts';

/** Two scrapes, a minute of `for` and a turn of the Alertmanager; twice that on a busy machine. */
const patience = { timeout: 240_000, intervals: [2_000] };

/** Neither Prometheus nor the mail sink publishes a port: a replica of the API asks them. @returns what `code` prints. */
async function ask<T>(url: string, code: string): Promise<T> {
  const [replica] = await running('api');
  const script = `fetch('${url}').then((answer) => answer.json()).then((said) => console.log(JSON.stringify(${code})))`;
  return JSON.parse(await execIn(replica!.id, 'node', '--eval', script));
}

type Alert = { state: string; labels: Record<string, string>; annotations: Record<string, string> };
const firing = async () => {
  const alerts = await ask<Alert[]>('http://prometheus:9090/prometheus/api/v1/alerts', 'said.data.alerts');
  return alerts.filter(({ state, labels }) => state === 'firing' && labels.alertname === 'TierNotRedundant');
};
const tiersThatFire = async () => (await firing()).map(({ labels }) => labels.tier);
/** The texts of the mails with that subject that came after `since`. */
const mails = (subject: string, since: string) =>
  ask<string[]>(
    'http://mail:1080/mail/api/email',
    `said.filter((mail) => mail.subject === '${subject}' && mail.time > '${since}').map((mail) => mail.text)`,
  );

test('a dead worker and a dead Sentinel raise an alert each; operators have a mail that names the page', {
  tag: '@nightly',
}, async () => {
  const victims = [await find('worker'), await find('sentinel')];
  await expect.poll(tiersThatFire, patience).toEqual([]);
  const since = new Date().toISOString();
  try {
    await Promise.all(victims.map(kill));
    await expect.poll(tiersThatFire, patience).toEqual(expect.arrayContaining(['worker', 'sentinel']));
    const [{ labels, annotations }] = (await firing()).filter((alert) => alert.labels.tier === 'worker') as [
      Alert,
    ];
    expect(labels.severity).toBe('ticket');
    expect(annotations).toEqual({
      summary: 'Containers of worker that answer: 1. The next failure may stop the tier',
      runbook: 'docs/runbooks/tier-not-redundant.md',
    });
    const sent = async () => (await mails('FIRING: TierNotRedundant', since)).join('\n');
    await expect.poll(sent, patience).toContain(`${annotations.summary}\n`);
    expect(await sent()).toContain(`What to do: ${annotations.runbook}`);
  } finally {
    await Promise.all(victims.map(startAgain));
  }
  await expect.poll(tiersThatFire, patience).toEqual([]);
});
