import { type Check, fail, pass } from '../facts.ts';

export const alerts: Check = {
  title: 'a fault raises an alert: there are rules, and an address that alerts go to',
  where: 'infra/prometheus/prometheus.yml',
  run: ({ files }) => {
    const settings = files.get('infra/prometheus/prometheus.yml') ?? '';
    const missing = [
      !/^rule_files:/m.test(settings) && 'no rules',
      !/^alerting:/m.test(settings) && 'no address to send alerts to',
    ].filter(Boolean);
    if (missing.length === 0) return pass('Prometheus has rules and an address');
    return fail(`Prometheus has ${missing.join(' and ')}: it records, and tells nothing by itself`);
  },
};
